// Passing messages: good news leaves by itself, trouble stays; htmx answers may bring one (HX-Trigger: toast).
const PATIENCE = 8000;
const region = document.getElementById("toasts");
const words = document.getElementById("words").dataset;

function leaveLater(message) {
  if (["error", "warning"].includes(message.dataset.level)) return;
  let timer = setTimeout(() => message.remove(), PATIENCE);
  message.addEventListener("pointerenter", () => clearTimeout(timer));
  message.addEventListener("focusin", () => clearTimeout(timer));
  message.addEventListener("pointerleave", () => { timer = setTimeout(() => message.remove(), PATIENCE); });
}

function show({ text, undo, level = "success" }) {
  const message = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  message.dataset.level = level;
  message.querySelector("p").textContent = text;
  const form = message.querySelector("form");
  form.hidden = !undo;
  if (undo) form.action = undo;
  region.append(message);
  leaveLater(message);
}

for (const message of region.querySelectorAll("[data-toast]")) leaveLater(message);
document.addEventListener("toast", (event) => show(event.detail));
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
  document.addEventListener(trouble, () => show({ text: words.failed, level: "error" }));
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast], .notice")?.remove());
