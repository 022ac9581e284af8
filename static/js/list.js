/* The session list: keys, focus that survives a swap, words for readers, and clean addresses. */
(() => {
  const rows = () => [...document.querySelectorAll(".sessions .row-link")];

  const move = (step) => {
    const links = rows();
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  agentsite.onKey("j", () => move(1));
  agentsite.onKey("k", () => move(-1));

  /* Empty fields say nothing: they stay out of the address. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.("form.filters")) return;
    const given = event.detail.parameters;
    for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
  });

  /* A choice vanishes with its menu: the focus goes to the chip that it set. */
  let returnTo = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig?.elt;
    returnTo = asked?.closest?.(".filter")?.querySelector("summary, .chip")?.id || asked?.id || "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (returnTo && document.activeElement === document.body) document.getElementById(returnTo)?.focus();
    returnTo = "";
    const said = document.querySelector("#list [data-said]")?.textContent;
    if (said) document.getElementById("list-said").textContent = said;
  });

  /* A menu that would leave the window opens the other way. */
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".filter > details") || !event.target.open) return;
    event.target.classList.remove("menu-end");
    const edge = event.target.querySelector(".menu-list").getBoundingClientRect().right;
    event.target.classList.toggle("menu-end", edge > document.documentElement.clientWidth - 8);
  }, true);

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-menu-find]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const item of event.target.closest(".menu-list").querySelectorAll(".menu-choices .menu-item")) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
})();
