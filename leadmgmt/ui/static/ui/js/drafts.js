// <form data-draft="key"> is saved as one types: kept on the device at once, sent a moment later, and sent again until the server has it.
const PATIENCE = 700, AGAIN = 5000;
const forms = new WeakMap();

const nameOf = (form) => `draft ${form.dataset.draft}`;
const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "seen", "from"].includes(name));

function say(form, what, values = {}) {
  const place = form.querySelector(".saved");
  let text = place.dataset[what] ?? values.text ?? "";
  for (const [name, value] of Object.entries(values)) text = text.replace(`%(${name})s`, value);
  place.textContent = text;
  place.toggleAttribute("data-unsaved-now", what !== "saved");
}

function keep(form) {
  try { localStorage.setItem(nameOf(form), JSON.stringify(fieldsOf(form))); } catch { /* full or forbidden: the server has it soon */ }
}

function forget(form) {
  try { localStorage.removeItem(nameOf(form)); } catch { /* nothing was kept */ }
}

function typed(form) {
  const state = forms.get(form);
  state.version += 1;
  keep(form);
  say(form, navigator.onLine ? "unsaved" : "offline");
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(form), PATIENCE);
}

async function send(form) {
  const state = forms.get(form);
  if (state.isSending || state.isLeaving || state.version === state.saved) return;
  clearTimeout(state.timer);
  state.isSending = true;
  const version = state.version;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (state.isLeaving) return;
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok && told.saved) {
      state.saved = version;
      if (state.version === version) { forget(form); say(form, "saved", { time: told.saved }); }
    } else if (told.problem) say(form, "", { text: `${form.querySelector(".saved").dataset.unsaved}: ${told.problem}` });
    else later(form, "unsaved");
  } catch { later(form, "offline"); }
  finally {
    state.isSending = false;
    if (state.version !== version) state.timer = setTimeout(() => send(form), PATIENCE);
  }
}

function later(form, why) {
  say(form, why);
  forms.get(form).timer = setTimeout(() => send(form), AGAIN);
}

function restore(form) {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null"); } catch { kept = null; }
  if (!kept) return;
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
  for (const [name, value] of kept) {
    const field = form.elements.namedItem(name);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true; else field.value = value;
  }
  typed(form);
  say(form, "restored");
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  forms.set(form, { version: 0, saved: 0, timer: 0, isSending: false, isLeaving: false });
  if (form.querySelector(".field-errors, [role=alert]")) keep(form);
  else restore(form);
  form.addEventListener("input", () => typed(form));
  form.addEventListener("change", () => typed(form));
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); keep(form); say(form, "offline"); return; }
    const state = forms.get(form);
    clearTimeout(state.timer);
    state.isLeaving = true;
  });
}

const unsent = () => [...document.querySelectorAll("form[data-draft]")].filter((form) => forms.get(form)?.version !== forms.get(form)?.saved);
addEventListener("online", () => unsent().forEach(send));
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-draft]")) if (forms.get(form)) forms.get(form).isLeaving = false; });
document.addEventListener("visibilitychange", () => { if (document.hidden) unsent().forEach(send); });
addEventListener("beforeunload", (event) => { if (unsent().some((form) => !forms.get(form).isLeaving)) event.preventDefault(); });
