// Menus and hints (<details data-menu>): one open at a time, closed by Escape or a click elsewhere, kept on the screen.
const opened = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const details of opened()) if (!details.contains(event.target)) details.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const details of opened()) {
    const held = details.contains(document.activeElement);
    details.open = false;
    if (held) details.querySelector("summary").focus();
  }
});

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!details.matches?.(".hint[data-menu]") || !details.open) return;
  delete details.dataset.flipped;
  const sheet = details.lastElementChild.getBoundingClientRect();
  if (sheet.right > innerWidth - 8) details.dataset.flipped = "";
}, true);
