// <form data-filters>: a changed choice submits at once, typing after a pause; empty fields stay out of the address.
const PAUSE = 350;
let timer;

document.addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-filters]") && event.target.type !== "search") event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-filters]") || event.target.type !== "search") return;
  clearTimeout(timer);
  timer = setTimeout(() => form.requestSubmit(), PAUSE);
});

document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// After the page came back from a search, typing goes on where it was.
const search = document.querySelector("[data-filters] [data-search]");
if (search?.value && !location.hash) {
  search.focus({ preventScroll: true });
  search.setSelectionRange(search.value.length, search.value.length);
}
