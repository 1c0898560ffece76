// Tells before the session ends, in all tabs alike; whoever does something stays signed in.
const bar = document.querySelector("#session-end");
const KEY = "session-ends";
const EVERY = 60_000; // no more often is the server told that somebody is there
const WARNING = 5 * 60_000; // before the end

if (bar) {
  const inAll = Number(bar.dataset.end) * 1000;
  let told = Date.now();

  const remember = () => {
    told = Date.now();
    localStorage.setItem(KEY, Math.min(told + Number(bar.dataset.idle) * 1000, inAll));
  };

  const look = () => {
    const ends = Number(localStorage.getItem(KEY));
    const isNear = ends - Date.now() < WARNING;
    bar.hidden = !isNear;
    if (!isNear) return;
    const isOver = ends < Date.now();
    const at = new Date(ends).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    const words = isOver ? bar.dataset.over : bar.dataset.words.replace("TIME", at);
    const text = bar.querySelector("p");
    if (text.textContent !== words) text.textContent = words;
    bar.querySelector("button").hidden = isOver || ends >= inAll;
  };

  const stay = async () => {
    told = Date.now();
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(bar.dataset.url, { method: "POST", headers });
    if (!answer.ok) return;
    const { seconds } = await answer.json();
    localStorage.setItem(KEY, Date.now() + seconds * 1000);
    look();
  };

  const act = () => {
    const isOver = Number(localStorage.getItem(KEY)) < Date.now();
    if (!isOver && Date.now() - told > EVERY) stay();
  };

  remember();
  bar.querySelector("button").addEventListener("click", stay);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, act, { passive: true });
  addEventListener("storage", look);
  setInterval(look, 5000);
  document.addEventListener("htmx:afterRequest", (event) => {
    const isOurs = event.detail.successful && !event.detail.requestConfig.headers["X-Polling"];
    if (isOurs) remember();
  });
}

// A page that asks by itself does not keep a session alive.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent?.type === "hx:poll:trigger") event.detail.headers["X-Polling"] = "1";
});
