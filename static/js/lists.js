// Lists: regions that are swapped, rows that open, boxes that tick all.
const MOST_OPEN = 5;

// A link opened with a modifier key or the middle button is the browser's, not htmx's.
document.addEventListener(
  "click",
  (event) => {
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0;
    if (modified && event.target.closest("a[hx-get]")) event.stopImmediatePropagation();
  },
  true,
);

function open(link, panel, opened) {
  panel.hidden = !opened;
  link.setAttribute("aria-expanded", String(opened));
}

// The links of open rows in the order in which they were opened: the address has kept it.
function openRows() {
  const order = new URL(location).searchParams.getAll("open");
  const links = [...document.querySelectorAll('[data-expand][aria-expanded="true"]')];
  const place = (link) => (order.indexOf(link.dataset.expand) + 1 || Infinity);
  return links.sort((one, other) => place(one) - place(other) || 0);
}

function rememberOpenRows(links) {
  const url = new URL(location);
  url.searchParams.delete("open");
  for (const link of links) url.searchParams.append("open", link.dataset.expand);
  history.replaceState(history.state, "", url);
}

function say(region, template) {
  region.querySelector(":scope > [data-said]")?.remove();
  if (!template) return;
  const note = document.createElement("div");
  note.dataset.said = "";
  note.setAttribute("role", "status");
  note.append(template.content.cloneNode(true));
  region.prepend(note);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-expand]");
  const panel = link && document.getElementById(link.getAttribute("aria-controls"));
  if (!panel || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link, panel, panel.hidden);
  const all = openRows();
  const region = link.closest(".results");
  const tooMany = all.length > MOST_OPEN;
  if (tooMany) {
    const oldest = all.shift();
    open(oldest, document.getElementById(oldest.getAttribute("aria-controls")), false);
  }
  if (region) say(region, tooMany && region.querySelector("template[data-closed]"));
  rememberOpenRows(all);
});

// The boxes of a list of choices behind a button say in it what is ticked.
function tellTicked(button) {
  const ticked = [...button.nextElementSibling.querySelectorAll(":checked")];
  const first = ticked[0]?.closest("label").textContent.trim();
  button.textContent = first ? first + (ticked[1] ? ` +${ticked.length - 1}` : "") : button.dataset.picker;
}

document.addEventListener("change", (event) => {
  const button = event.target.closest(".menu")?.previousElementSibling;
  if (button?.dataset.picker) tellTicked(button);
});

// A filter taken away above the rows is taken away in the form, too.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const asked = new URLSearchParams(location.search);
  for (const input of document.querySelector("#filters")?.elements ?? []) {
    if (!input.name || input === document.activeElement) continue;
    const values = asked.getAll(input.name);
    if (input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = values.at(-1) ?? "";
  }
  document.querySelectorAll("[data-picker]").forEach(tellTicked);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-check-all]")) return;
  const boxes = event.target.closest("table").querySelectorAll("tbody .row-check input");
  for (const box of boxes) box.checked = event.target.checked;
});

// How many rows are ticked, also when the browser has kept the ticks of an earlier visit.
function countSelected(list) {
  const ticked = list.querySelectorAll("tbody .row-check :checked").length;
  for (const place of list.querySelectorAll("[data-selected]")) place.textContent = ticked;
}

document.addEventListener("change", (event) => {
  const list = event.target.closest(".results");
  if (list) countSelected(list);
});

addEventListener("pageshow", () => document.querySelectorAll(".results").forEach(countSelected));

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name);
  }
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  detail.target?.setAttribute("aria-busy", "true");
  detail.target?.querySelector(":scope > [data-failed]")?.remove();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  detail.target?.removeAttribute("aria-busy");
});

// What was announced in the old region is not what the new one says; errors take the focus.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const region = detail.elt;
  const status = document.querySelector("#status");
  const news = region.matches?.("[data-announce]") ? region : region.querySelector?.("[data-announce]");
  const words = news?.textContent.trim();
  if (status && words && status.textContent !== words) status.textContent = words;
  region.querySelector?.(".errors")?.focus();
});

function failed({ detail }) {
  const words = document.querySelector("#failed");
  const region = detail.target?.closest("#results");
  if (!words || !region) return;
  const note = document.createElement("div");
  note.dataset.failed = "";
  note.setAttribute("role", "alert");
  note.append(words.content.cloneNode(true));
  note.querySelector("a").href = location.href;
  region.prepend(note);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
