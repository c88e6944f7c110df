// Not a module on purpose: it runs before the first paint, so "auto" is drawn right at once.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function apply(theme) {
    root.dataset.theme = theme;
    root.dataset.bsTheme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
    for (const button of document.querySelectorAll("[data-sets-theme]"))
      button.setAttribute("aria-pressed", String(button.dataset.setsTheme === theme));
  }

  function keep(theme) {
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax${secure}`;
  }

  apply(root.dataset.theme || "auto");
  system.addEventListener("change", () => apply(root.dataset.theme));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sets-theme]");
    if (!button) return;
    keep(button.dataset.setsTheme);
    apply(button.dataset.setsTheme);
  });
})();
