// Dialogs are pages fetched into <dialog id="dialog">; the link's address is the way without script.
const dialog = document.querySelector("#dialog");
let opener = null;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (dialog && detail.target === dialog && !dialog.open) opener = detail.elt;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!dialog || detail.target !== dialog) return;
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("#dialog-heading"))?.focus();
});

document.addEventListener("click", (event) => {
  if (!dialog?.open || !event.target.closest("#dialog [data-close-dialog]")) return;
  event.preventDefault();
  dialog.close();
});

// Nothing of a closed dialog stays behind, a secret least of all. The focus goes back to the link,
// or to the button of the menu that the link stood in, because the menu has closed meanwhile.
dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  const menu = opener?.closest("[popover]");
  (menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : opener)?.focus();
  opener = null;
});

// A page that refuses to be a dialog shows itself, with its reason.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (dialog && detail.target === dialog) location.assign(detail.pathInfo.requestPath);
});
