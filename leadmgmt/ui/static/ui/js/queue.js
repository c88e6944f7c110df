// The queue stays true while it is open: asked for anew every 15 seconds while somebody looks, without moving focus or scroll.
const EVERY = 15000;
const frame = document.querySelector("[data-queue]");
const rowsOf = (root) => new Map([...root.querySelectorAll("a[data-name]")].map((row) => [row.id, row.dataset.name]));

function announce(before, after) {
  const names = [...after].filter(([id]) => !before.has(id)).map(([, name]) => name);
  if (!names.length) return;
  const news = document.querySelector("[data-queue-news]");
  const words = names.length > 1 ? news.dataset.many : news.dataset.one;
  news.textContent = words.replace("%(names)s", names.slice(0, 3).join(", ") + (names.length > 3 ? " …" : ""));
}

function put(html) {
  const old = frame.querySelector("#queue-rows");
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#queue-rows");
  if (!fresh) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const current = old.querySelector("[data-current]")?.id;
  const isOpen = old.querySelector("details")?.open;
  const top = frame.scrollTop;
  announce(rowsOf(old), rowsOf(fresh));
  old.replaceWith(fresh);
  if (current) fresh.querySelector(`#${CSS.escape(current)}`)?.setAttribute("data-current", "");
  if (isOpen) fresh.querySelector("details")?.setAttribute("open", "");
  if (focused) fresh.querySelector(`#${CSS.escape(focused)}`)?.focus({ preventScroll: true });
  frame.scrollTop = top;
  document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  watchStory(fresh);
}

function watchStory(list) {
  const story = document.querySelector("[data-story]");
  if (!story || list.dataset.chosenId !== story.dataset.story) return;
  story.querySelector("[data-story-moved]").hidden = list.dataset.state === story.dataset.state;
}

async function look() {
  if (document.hidden) return;
  const list = frame.querySelector("#queue-rows");
  const query = new URLSearchParams(location.search);
  query.set("list", "");
  query.set("seen", list.dataset.stamp);
  query.set("lead", document.querySelector("[data-story]")?.dataset.story ?? "");
  try {
    const answer = await fetch(`${frame.dataset.queue}?${query}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.status === 200 && !answer.redirected) put(await answer.text());
  } catch { /* no connection: the next look may have one */ }
}

if (frame) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
