// <a href="#id" data-opens="id"> opens <dialog id>; data-closes closes it, and so does a click on the shade.
// An address that ends in #id opens it too, and without scripts that is the way (dialog.css).
// <form data-confirm="dialog-id"> asks first; the dialog's [data-confirms] button sends it.
let waiting = null, agreed = null;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) return open(document.getElementById(opener.dataset.opens), event);
  if (event.target.closest("[data-confirms]")) return confirmed(event);
  if (event.target.closest("[data-closes]") || event.target.matches("dialog")) event.target.closest("dialog")?.close();
});

const named = location.hash && document.getElementById(location.hash.slice(1));
if (named && named.matches("dialog")) named.showModal();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form === agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = { form, button: event.submitter };
  document.getElementById(form.dataset.confirm)?.showModal();
}, true);

document.addEventListener("close", () => { waiting = null; }, true);

function open(target, event) {
  if (!target?.matches("dialog")) return; // a form that came back with errors stands in the page
  event.preventDefault();
  target.showModal();
}

function confirmed(event) {
  const sent = waiting;
  event.target.closest("dialog").close();
  if (!sent) return;
  agreed = sent.form;
  sent.form.requestSubmit(sent.button);
  agreed = null;
}
