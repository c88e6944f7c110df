// Swagger UI has dark looks of its own; this says when. Before the first paint, as theme.js does.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function draw() {
    const theme = root.dataset.theme;
    root.classList.toggle("dark-mode", theme === "dark" || (theme === "auto" && system.matches));
  }

  draw();
  system.addEventListener("change", draw);
})();
