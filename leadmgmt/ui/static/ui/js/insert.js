// <button data-inserts="text" data-into="form-id"> puts its text where the caret last stood in that form.

let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text], input:not([type])")) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inserts]");
  if (!button) return;
  const form = document.getElementById(button.dataset.into);
  const field = last && form.contains(last) ? last : form.querySelector("textarea");
  field.focus();
  field.setRangeText(button.dataset.inserts, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
