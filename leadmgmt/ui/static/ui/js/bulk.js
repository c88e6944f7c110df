// Ticking rows for the form `bulk`: Shift ticks all between two, `x` ticks the row in focus, Escape unticks.
const boxes = () => [...document.querySelectorAll('input[form="bulk"]')];
let last = null;

function count() {
  const shown = document.querySelector("[data-bulk] [data-count]");
  if (!shown) return;
  shown.dataset.word ??= shown.textContent;
  shown.textContent = `${shown.dataset.word}: ${boxes().filter((box) => box.checked).length}`;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.('input[form="bulk"]')) return;
  if (event.shiftKey && last) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  count();
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "x") {
    const box = (event.target.closest?.("tr") ?? document.querySelector("tr[data-current]"))?.querySelector('input[form="bulk"]');
    if (box) { box.checked = !box.checked; count(); }
  } else if (event.key === "Escape" && boxes().some((box) => box.checked)) {
    for (const box of boxes()) box.checked = false;
    count();
  }
});
