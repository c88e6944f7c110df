// <select data-chooser="Search"> opens as a list one can search; a finger gets the phone's own picker.
// Typing narrows the list, arrows walk, Enter takes, Escape leaves it as it was.
let sheet = null;

const isOpener = (event) => ["ArrowDown", "ArrowUp", "Enter", " "].includes(event.key) || (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey);

document.addEventListener("pointerdown", (event) => {
  const select = event.target.closest?.("select[data-chooser]");
  if (sheet && !sheet.contains(event.target)) close();
  if (!select || event.pointerType === "touch" || event.button) return;
  select.addEventListener("mousedown", (press) => press.preventDefault(), { once: true });
  open(select);
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("select[data-chooser]") || !isOpener(event)) return;
  event.preventDefault();
  open(event.target, event.key.length === 1 ? event.key.trim() : "");
});

// Enter in a builder is no wish to save: it only leaves the field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-condition] input:not([type=checkbox])")) return;
  event.preventDefault();
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

function open(select, typed = "") {
  close();
  sheet = document.createElement("div");
  sheet.className = "chooser";
  sheet.select = select;
  const input = Object.assign(document.createElement("input"), { type: "text", className: "input", value: typed, autocomplete: "off", placeholder: select.dataset.chooser });
  const list = Object.assign(document.createElement("div"), { id: "chooser-list", className: "chooser-list", role: "listbox" });
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "true"], ["aria-controls", list.id], ["aria-label", select.dataset.chooser]]) input.setAttribute(name, value);
  list.setAttribute("aria-label", select.getAttribute("aria-label"));
  sheet.append(input, list);
  select.after(sheet);
  place(select);
  draw(input, list);
  input.addEventListener("input", (event) => { event.stopPropagation(); draw(input, list); });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => steer(event, input, list));
  list.addEventListener("click", (event) => event.target.closest("[role=option]") && take(event.target.closest("[role=option]")));
  sheet.addEventListener("focusout", (event) => { if (event.relatedTarget && !sheet?.contains(event.relatedTarget)) close(); });
  setTimeout(() => input.focus());
}

function close(back = false) {
  if (!sheet) return;
  const { select } = sheet;
  const gone = sheet;
  sheet = null;
  gone.remove();
  if (back) select.focus();
}

function place(select) {
  const { left, bottom, top, width } = select.getBoundingClientRect();
  const frame = select.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 };
  sheet.style.left = `${left - frame.left}px`;
  sheet.style.top = `${bottom - frame.top + 4}px`;
  sheet.style.minWidth = `${Math.max(width, 240)}px`;
  if (bottom + 320 > innerHeight && top > 320) sheet.style.top = `${top - frame.top - 4 - sheet.offsetHeight - 280}px`;
}

function draw(input, list) {
  const wanted = input.value.trim().toLowerCase().split(/\s+/);
  const fits = (option, group) => wanted.every((word) => `${group} ${option.text}`.toLowerCase().includes(word));
  list.replaceChildren();
  const { select } = sheet;
  const groups = select.querySelector("optgroup") ? [...select.querySelectorAll("optgroup")] : [select];
  for (const group of groups) {
    const found = [...group.querySelectorAll("option")].filter((option) => fits(option, group.label ?? ""));
    if (found.length) list.append(section(group.label ?? "", found, select));
  }
  const all = [...list.querySelectorAll("[role=option]")];
  mark(input, all.find((each) => each.ariaSelected === "true") ?? all[0]);
}

function section(label, options, select) {
  const part = document.createElement("div");
  part.setAttribute("role", "group");
  if (label) {
    part.setAttribute("aria-label", label);
    part.append(Object.assign(document.createElement("div"), { className: "chooser-label", textContent: label, ariaHidden: "true" }));
  }
  for (const option of options) {
    const row = Object.assign(document.createElement("div"), { id: `chooser-${option.index}`, textContent: option.text });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(option.index === select.selectedIndex));
    row.dataset.index = option.index;
    part.append(row);
  }
  return part;
}

function mark(input, row) {
  sheet.querySelector("[data-current]")?.removeAttribute("data-current");
  input.setAttribute("aria-activedescendant", row?.id ?? "");
  row?.setAttribute("data-current", "");
  row?.scrollIntoView({ block: "nearest" });
}

function steer(event, input, list) {
  const rows = [...list.querySelectorAll("[role=option]")];
  const at = rows.findIndex((row) => row.hasAttribute("data-current"));
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8, Home: 0, End: rows.length - 1 };
  if (event.key in steps) mark(input, rows[Math.min(rows.length - 1, Math.max(0, steps[event.key]))]);
  else if (event.key === "Enter") rows[at] && take(rows[at]);
  else if (event.key === "Escape") close(true);
  else if (event.key === "Tab") return close(true);
  else return event.stopPropagation();
  event.preventDefault();
  event.stopPropagation();
}

function take(row) {
  const { select } = sheet;
  const index = Number(row.dataset.index);
  const isNew = index !== select.selectedIndex;
  select.selectedIndex = index;
  close(true);
  if (isNew) select.dispatchEvent(new Event("change", { bubbles: true }));
}
