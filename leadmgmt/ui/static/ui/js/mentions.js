// <textarea data-mentions="list-id">: typing @ offers the names of <datalist id="list-id">; arrows choose, Enter or Tab takes, Escape leaves.
const WORD = /(^|[^\p{L}\p{N}_])@([\p{L}\p{N}_.'-]*(?: [\p{L}\p{N}_.'-]*)?)$/u;
const MOST = 6;
let field = null, start = 0, chosen = 0;
const sheet = document.createElement("ul");
sheet.className = "mentions";
sheet.id = "mentions";
sheet.setAttribute("role", "listbox");

function offer(target) {
  const before = target.value.slice(0, target.selectionStart);
  const found = before.match(WORD);
  const names = found ? matching(target, found[2].toLocaleLowerCase()) : [];
  if (!names.length) return leave();
  field = target;
  start = before.length - found[2].length;
  chosen = 0;
  sheet.replaceChildren(...names.map(entry));
  target.after(sheet);
  mark();
}

function matching(target, typed) {
  const names = [...document.getElementById(target.dataset.mentions).options].map((each) => each.value);
  return names.filter((name) => name.toLocaleLowerCase().split(" ").some((_, i, words) => words.slice(i).join(" ").startsWith(typed)) && name.toLocaleLowerCase() !== typed).slice(0, MOST);
}

function entry(name, index) {
  const item = document.createElement("li");
  item.id = `mention-${index}`;
  item.setAttribute("role", "option");
  item.textContent = name;
  item.addEventListener("pointerdown", (event) => { event.preventDefault(); chosen = index; take(); });
  return item;
}

function mark() {
  [...sheet.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
  field.setAttribute("aria-activedescendant", `mention-${chosen}`);
  field.setAttribute("aria-controls", "mentions");
}

function take() {
  field.setRangeText(`${sheet.children[chosen].textContent} `, start, field.selectionStart, "end");
  leave();
}

function leave() {
  sheet.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  field = null;
}

function step(by) {
  chosen = (chosen + by + sheet.children.length) % sheet.children.length;
  mark();
}

const keys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: take, Tab: take, Escape: leave };

document.addEventListener("input", (event) => { if (event.target.dataset?.mentions) offer(event.target); });
document.addEventListener("focusout", (event) => { if (event.target === field) leave(); });
document.addEventListener("keydown", (event) => {
  if (event.target !== field || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
