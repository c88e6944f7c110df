// j / k walk the rows of a list, Enter opens one, / searches, ? lists the keys; data-key="x" is pressed by x.
const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] > [data-row]")];

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.hasAttribute("data-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  all[at]?.removeAttribute("data-current");
  next.setAttribute("data-current", "");
  (next.querySelector("a[href], button") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(name) {
  const target = document.querySelector(`[data-key="${CSS.escape(name)}"]:not([disabled])`);
  if (target) target.matches("input, textarea, select") ? target.focus() : target.click();
  return Boolean(target);
}

const own = {
  j: () => walk(1),
  k: () => walk(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const act = own[event.key];
  if (act) { event.preventDefault(); act(); }
  else if (event.key.length === 1 && press(event.key)) event.preventDefault();
});
