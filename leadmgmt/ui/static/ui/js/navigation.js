// A click shows something at once: a thin line until the next page is there. And the side menu on a phone:
// it opens by its address (#sidebar) without us; we add focus, Escape, and leave no trace in the history.
const sidebar = document.getElementById("sidebar");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (link.matches("[data-opens-sidebar]")) return open(event);
  if (link.matches("[data-closes-sidebar]")) return close(event);
  const isPage = link.origin === location.origin && !link.hash && !link.target && !link.hasAttribute("download") && !link.hasAttribute("hx-get");
  if (isPage) document.body.classList.add("is-leaving");
});

addEventListener("submit", (event) => {
  if (!event.defaultPrevented && !event.target.closest("[hx-post], [hx-get], [method=dialog]")) document.body.classList.add("is-leaving");
});
addEventListener("pageshow", () => document.body.classList.remove("is-leaving"));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#sidebar") close(event);
});

function open(event) {
  event.preventDefault();
  location.replace("#sidebar");
  sidebar?.querySelector("nav a")?.focus();
}

function close(event) {
  event.preventDefault();
  location.replace("#");
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[data-opens-sidebar]")?.focus();
}
