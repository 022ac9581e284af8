/* Light, dark or what the system says; compact or comfortable rows. The server reads the cookie and
   writes the attribute, so that the first paint is right. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const choose = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    const lasts = value ? 31536000 : 0;
    document.cookie = `${name}=${value}; path=/; max-age=${lasts}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    show();
    document.dispatchEvent(new CustomEvent("agentsite:look", { detail: { name, value } }));
  };

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  const show = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.querySelector(".label").textContent = isDark() ? "Light theme" : "Dark theme";
      const use = button.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isDark() ? "#sun" : "#moon"));
    }
    for (const name of ["theme", "density"]) {
      for (const button of document.querySelectorAll(`[data-${name}-set]`)) {
        button.setAttribute("aria-pressed", String(button.dataset[`${name}Set`] === (root.dataset[name] || "")));
      }
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-theme-toggle], [data-theme-set], [data-density-set]") : null;
    if (!button) return;
    if ("densitySet" in button.dataset) choose("density", button.dataset.densitySet);
    else choose("theme", "themeSet" in button.dataset ? button.dataset.themeSet : isDark() ? "light" : "dark");
  });
  dark.addEventListener("change", show);
  show();
})();
