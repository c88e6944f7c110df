// Menus and hints (<details data-menu>): one open at a time, closed by Escape or a click elsewhere, kept on the screen.
const GAP = 4;
const opened = () => document.querySelectorAll("details[data-menu][open]");
const close = (details) => { details.open = false; };

document.addEventListener("click", (event) => {
  for (const details of opened()) if (!details.contains(event.target)) close(details);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const details of opened()) {
    if (details.contains(document.activeElement)) details.querySelector("summary").focus();
    close(details);
  }
});

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.matches?.("[data-menu]") && details.open) place(details);
}, true);

// A frame that scrolls would cut the sheet off, so there it floats over the page until something scrolls.
document.addEventListener("scroll", () => { for (const details of opened()) if (details.closest(".data-frame")) close(details); }, true);

function place(details) {
  const sheet = details.lastElementChild;
  sheet.removeAttribute("style");
  delete details.dataset.flipped;
  if (details.closest(".data-frame")) return float(details.firstElementChild.getBoundingClientRect(), sheet);
  if (sheet.getBoundingClientRect().right > innerWidth - 8) details.dataset.flipped = "";
}

function float(button, sheet) {
  const { width, height } = sheet.getBoundingClientRect();
  const below = button.bottom + GAP + height < innerHeight;
  Object.assign(sheet.style, {
    position: "fixed",
    inset: "auto",
    top: `${below ? button.bottom + GAP : button.top - GAP - height}px`,
    left: `${Math.max(8, Math.min(button.right - width, innerWidth - width - 8))}px`,
  });
}
