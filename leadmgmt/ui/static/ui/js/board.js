// The board: a card is dragged into another column, or moved by Shift and an arrow key; arrows alone walk the cards.
// The buttons of a card do the same through the form `move`, also without scripts.
const board = document.querySelector("[data-board]");
const form = document.getElementById("move");
const words = document.getElementById("words").dataset;
const columnOf = (element) => element?.closest("[data-stage]");
const cardsIn = (column) => [...column.querySelectorAll("[data-deal]")];
let dragged = null;

function moveOf(card, column) {
  return `${card.dataset.deal}:${columnOf(card).dataset.stage}:${column.dataset.stage}`;
}

function place(card, column) {
  const list = column.querySelector("[data-cards-of]");
  const next = cardsIn(column).find((other) => other !== card && other.dataset.order > card.dataset.order);
  list.insertBefore(card, next ?? list.querySelector(".board-more") ?? null);
}

function write(sums) {
  for (const [stage, [deals, amount, weighted]] of Object.entries(sums)) {
    for (const shown of document.querySelectorAll(`[data-count="${stage}"]`)) shown.textContent = deals;
    document.querySelector(`[data-amount="${stage}"]`).textContent = amount;
    document.querySelector(`[data-weighted="${stage}"]`).textContent = weighted;
  }
}

const say = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));

async function move(card, column) {
  const from = columnOf(card);
  if (!column || column === from) return;
  const body = new FormData(form);
  body.set("move", moveOf(card, column));
  card.dataset.moving = "";
  place(card, column);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", "HX-Request": "true" } });
    if (answer.ok) return done(card, await answer.json());
    const said = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}").toast;
    say(said ?? { text: words.failed, level: "error" });
  } catch {
    say({ text: words.failed, level: "error" });
  }
  delete card.dataset.moving;
  place(card, from);
}

function done(card, told) {
  const fresh = new DOMParser().parseFromString(told.card, "text/html").querySelector("[data-deal]");
  card.replaceWith(fresh);
  write(told.sums);
  say({ text: told.said });
  fresh.querySelector("a").focus();
}

function neighbour(column, step) {
  const all = [...board.querySelectorAll("[data-stage]")];
  return all[all.indexOf(column) + step];
}

function walk(card, key) {
  const column = columnOf(card), here = cardsIn(column), at = here.indexOf(card);
  if (key === "ArrowUp") return here[at - 1];
  if (key === "ArrowDown") return here[at + 1];
  for (let next = neighbour(column, key === "ArrowLeft" ? -1 : 1); next; next = neighbour(next, key === "ArrowLeft" ? -1 : 1)) {
    const there = cardsIn(next);
    if (there.length) return there[Math.min(at, there.length - 1)];
  }
}

board?.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-deal]");
  if (!card || !event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (!event.shiftKey) return walk(card, event.key)?.querySelector("a").focus();
  const step = { ArrowLeft: "-1", ArrowRight: "1" }[event.key];
  const button = step && card.querySelector(`[data-step="${step}"]`);
  if (button) move(card, board.querySelector(`[data-stage="${button.value.split(":")[2]}"]`));
});

board?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const column = board.querySelector(`[data-stage="${button.value.split(":")[2]}"]`);
  if (!column) return;
  event.preventDefault();
  move(button.closest("[data-deal]"), column);
});

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-deal]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.deal);
});
board?.addEventListener("dragover", (event) => {
  const column = columnOf(event.target);
  if (!dragged || !column) return;
  event.preventDefault();
  for (const each of board.querySelectorAll("[data-over]")) if (each !== column) delete each.dataset.over;
  column.dataset.over = "";
});
board?.addEventListener("drop", (event) => {
  const column = columnOf(event.target);
  if (!dragged || !column) return;
  event.preventDefault();
  move(dragged, column);
});
board?.addEventListener("dragend", () => {
  dragged = null;
  for (const each of board.querySelectorAll("[data-over]")) delete each.dataset.over;
});
