// Shows a form where this script stands: <script async src="https://…/f/<form token>.js"></script>
(() => {
  const script = document.currentScript;
  const parts = script && script.src.match(/^(https?:\/\/[^/]+)(\/f\/[\w-]+)\.js/);
  if (!parts) return;
  const [, origin, path] = parts;
  const show = () => {
    const known = window.leadmgmt ? window.leadmgmt.visitor() : {};
    const query = new URLSearchParams({ _page: location.href.slice(0, 1000) });
    for (const name of ["visitor", "landing", "referrer"]) if (known[name]) query.set(`_${name}`, known[name]);
    const frame = Object.assign(document.createElement("iframe"), {
      src: `${origin}${path}/?${query}`, title: script.dataset.title || "Form", loading: "lazy",
    });
    Object.assign(frame.style, { width: "100%", border: "0", height: "420px" });
    addEventListener("message", (event) => {
      if (event.source === frame.contentWindow && event.origin === origin && event.data.leadmgmtHeight)
        frame.style.height = `${Math.min(4000, Number(event.data.leadmgmtHeight))}px`;
    });
    script.after(frame);
  };
  // The tracking script, if the page has it, knows the visitor; it may still be loading.
  if (window.leadmgmt || document.readyState === "complete") show();
  else addEventListener("load", show);
})();
