// Copy buttons say what happened inside the button; where copying is forbidden the text is selected instead.
const SHOWN_FOR = 4000;

async function copy(button) {
  const source = button.dataset.copy && document.querySelector(button.dataset.copy);
  const text = button.dataset.copyText ?? source?.value ?? source?.textContent.trim() ?? "";
  try {
    await navigator.clipboard.writeText(text);
    say(button, button.dataset.copied);
  } catch {
    source?.focus();
    source?.select?.();
    say(button, button.dataset.notCopied);
  }
}

function say(button, words) {
  const label = button.querySelector("[data-copy-label]");
  const status = document.querySelector("#status");
  if (status) status.textContent = words;
  if (!label || label.dataset.idle) return;
  label.dataset.idle = label.textContent;
  label.textContent = words;
  setTimeout(() => {
    label.textContent = label.dataset.idle;
    delete label.dataset.idle;
  }, SHOWN_FOR);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (button) copy(button);
});
