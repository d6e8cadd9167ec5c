// Light, dark or the system's: the one thing this product keeps in the browser. Loaded before the first paint.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("theme") || "system";
  const apply = () => {
    const theme = chosen() === "system" ? (system.matches ? "dark" : "light") : chosen();
    document.documentElement.dataset.bsTheme = theme;
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll('input[name="theme"]')) {
      input.checked = input.value === chosen();
      input.addEventListener("change", () => {
        localStorage.setItem("theme", input.value);
        apply();
      });
    }
    document.querySelector("[data-theme-choice]")?.removeAttribute("hidden");
  });
})();
