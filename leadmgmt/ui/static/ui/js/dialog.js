// <a href="#id"> opens <dialog id>, also without scripts (dialog.css), and so does an address that ends in #id;
// <button data-opens="id"> is for dialogs nobody needs without scripts. data-closes and a click on the shade close it.
// <form data-confirm="dialog-id"> asks first; the dialog's [data-confirms] button sends it.
let waiting = null, agreed = null;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens], a[href*='#']:not([href='#'])");
  if (opener && isHere(opener)) return open(document.getElementById(opener.dataset.opens ?? opener.hash.slice(1)), event);
  if (event.target.closest("[data-confirms]")) return confirmed(event);
  if (event.target.closest("[data-closes]") || event.target.matches("dialog")) event.target.closest("dialog")?.close();
});

addEventListener("hashchange", openNamed);
openNamed();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form === agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = { form, button: event.submitter };
  document.getElementById(form.dataset.confirm)?.showModal();
}, true);

document.addEventListener("close", () => { waiting = null; }, true);

function openNamed() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.matches("dialog:not([open])")) named.showModal();
}

function isHere({ dataset, pathname, search }) {
  return "opens" in dataset || (pathname === location.pathname && search === location.search);
}

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
