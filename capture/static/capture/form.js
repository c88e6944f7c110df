// In the page of a public form: tells the frame's owner how tall it is, and moves on afterwards.
const tell = () => parent.postMessage({ leadmgmtHeight: document.documentElement.offsetHeight }, "*");
if (parent !== window) new ResizeObserver(tell).observe(document.documentElement);

for (const form of document.querySelectorAll("form"))
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => (button.disabled = true));
  });
// Coming back by the browser's own button must not find the button dead.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button")) button.disabled = false;
});

const onward = document.querySelector("a[data-onward]");
if (onward) window.top.location.href = onward.href;
