// [data-copy] copies the nearest [data-copy-source] and says so for two seconds.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy-source]").textContent);
  const done = button.querySelector("[data-copy-done]");
  done.hidden = false;
  setTimeout(() => { done.hidden = true; }, 2000);
});
