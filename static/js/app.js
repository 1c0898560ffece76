// The little that pages cannot do by themselves; everything works without it. Forms and the page's own life;
// dialog.js, lists.js and copy.js have the rest.

document.documentElement.classList.add("js");

// One press, one request: the button stays where it is, says so, and swallows the next press.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-submit-once]");
  if (!form) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) {
    button.dataset.idle = button.textContent;
    button.textContent = button.dataset.busy;
  }
});

// A page that comes back from the back/forward cache: buttons work again, secrets are gone.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (document.querySelector("[data-secret]")) return location.reload();
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-submit-once] [aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.idle) button.textContent = button.dataset.idle;
  }
});

addEventListener("pagehide", () => {
  for (const input of document.querySelectorAll("[data-secret] input")) input.value = "";
  for (const button of document.querySelectorAll("[data-secret] [data-copy-text]")) {
    delete button.dataset.copyText;
  }
});

// Empty fields of a GET form do not belong in the address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) {
    event.target.closest("[data-dismissable]").remove();
    document.querySelector("#main").focus();
  }
  if (event.target.closest("[data-print]")) print();
  const shows = event.target.closest("[data-show-password]");
  if (shows) showPassword(shows);
});

function showPassword(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const isShown = input.type === "text";
  input.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", !isShown);
  [button.textContent, button.dataset.showPassword] = [button.dataset.showPassword, button.textContent];
}
