// Tells the workspace what a visitor does on this site. Put on every page:
//   <script async src="https://…/t/<site key>.js"></script>
// With data-consent="required" nothing is stored or sent before leadmgmt.consent(true).
(() => {
  const script = document.currentScript;
  const parts = script && script.src.match(/^(https?:\/\/[^/]+)\/t\/([\w-]+)\.js/);
  if (!parts || window.leadmgmt) return;
  const [, origin, key] = parts;
  const endpoint = `${origin}/c/${key}/events`;
  const store = "leadmgmt";
  const IDLE = 30 * 60 * 1000;
  const MARKS = /[?&](utm_source|utm_medium|utm_campaign|gclid|msclkid|fbclid)=[^&#]*/g;
  const memory = {};

  const random = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const read = () => {
    try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return memory; }
  };
  const write = (state) => {
    Object.assign(memory, state);
    try { localStorage.setItem(store, JSON.stringify(state)); } catch { /* private mode: this page only */ }
  };

  let allowed = script.dataset.consent !== "required" || read().consent === true;
  let waiting = [];
  let view = null;
  let shownSince = 0;

  const send = () => {
    if (!waiting.length) return;
    const now = Date.now();
    const events = waiting.map(({ at, ...event }) => ({ ...event, age: Math.max(0, (now - at) / 1000) }));
    const body = JSON.stringify({ visitor: read().visitor || memory.visitor, events });
    waiting = [];
    if (navigator.sendBeacon && navigator.sendBeacon(endpoint, body)) return;
    fetch(endpoint, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
  };
  const add = (kind, id, more) =>
    waiting.push({ kind, key: id, url: location.href.slice(0, 2000), at: Date.now(), ...more });

  const visit = () => {
    const state = read();
    const now = Date.now();
    const marks = (location.search.match(MARKS) || []).join("");
    const isNew = !state.visit || now - state.seen > IDLE || (marks && marks !== state.marks);
    if (!state.visitor) state.visitor = random();
    if (isNew) {
      Object.assign(state, {
        visit: random(), marks, landing: location.href.slice(0, 2000), referrer: document.referrer.slice(0, 2000),
      });
      add("visit", state.visit, { referrer: state.referrer });
    }
    write({ ...state, seen: now });
  };
  const page = () => {
    if (!allowed) return;
    left();
    visit();
    view = random();
    shownSince = document.hidden ? 0 : Date.now();
    left.count = 0;
    add("page_view", view, { title: document.title.slice(0, 300), referrer: document.referrer.slice(0, 2000) });
    send();
  };
  // Time on page: each time the page is hidden, how long it was seen since the last time.
  const left = () => {
    const seconds = shownSince ? (Date.now() - shownSince) / 1000 : 0;
    shownSince = 0;
    if (!allowed || !view || seconds < 1) return;
    add("page_left", `${view}:${(left.count = (left.count || 0) + 1)}`, { seconds: Math.min(seconds, 43200) });
    write({ ...read(), seen: Date.now() });
    send();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left();
    else shownSince = Date.now();
  });
  addEventListener("pagehide", left);

  // Forms of ours anywhere on the page learn who fills them in.
  const fill = (form) => {
    const state = read();
    const known = {
      _visitor: state.visitor, _landing: state.landing, _referrer: state.referrer, _page: location.href.slice(0, 1000),
    };
    for (const [name, value] of Object.entries(known)) {
      const field = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      if (value && !field.value) field.value = value;
    }
  };
  document.addEventListener("submit", (event) => {
    if (allowed && event.target.action && event.target.action.includes("/f/")) fill(event.target);
  }, true);

  window.leadmgmt = {
    page,
    consent(given) {
      if (given && !allowed) { allowed = true; write({ ...read(), consent: true }); page(); }
      if (!given) {
        allowed = false; waiting = []; view = null;
        try { localStorage.removeItem(store); } catch { /* nothing was kept */ }
        for (const name of Object.keys(memory)) delete memory[name];
      }
    },
    visitor: () => (allowed ? { ...read() } : {}),
  };
  page();
})();
