// A field edited where it stands: Escape leaves it, and the keyboard returns to where it began.
let origin = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const opener = event.target.closest?.("[data-inline]");
  if (opener) origin = opener.getAttribute("href");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest?.("[data-inline-form]")?.querySelector("[data-leaves]")?.click();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const form = document.querySelector("[data-inline-form]");
  if (form) return form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  if (origin && event.detail.elt?.id === "profile") document.querySelector(`[data-inline][href="${CSS.escape(origin)}"]`)?.focus();
});

// <a href="#field" data-focuses="field"> goes to a field of the page, ready to type.
document.addEventListener("click", (event) => {
  const target = document.getElementById(event.target.closest("[data-focuses]")?.dataset.focuses ?? "");
  if (!target) return;
  event.preventDefault();
  event.target.closest("details[data-menu]")?.removeAttribute("open");
  target.scrollIntoView({ block: "center" });
  target.focus();
});
