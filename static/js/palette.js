/* The command palette: Ctrl/⌘+K or its button. Results come from the server as they are typed. */
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("a[role=option]")];
  const selected = () => list.querySelector("[aria-selected=true]");

  const select = (option) => {
    selected()?.setAttribute("aria-selected", "false");
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const open = () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.select();
    htmx.trigger(input, "palette-open");
  };

  agentsite.onKey("mod+k", open, { anywhere: true });
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element && event.target.closest("[data-palette-open]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  for (const cap of document.querySelectorAll("[data-palette-open] kbd")) {
    if (/Mac|iPhone|iPad/.test(navigator.platform)) cap.textContent = "⌘ K";
  }

  /* Enter means what the words find, also where that is still on its way. */
  let found = null, isWanted = false;
  const follow = () => {
    isWanted = found !== input.value;
    if (!isWanted && selected()) location.assign(selected().href);
  };
  input.addEventListener("input", () => { isWanted = false; });
  list.addEventListener("htmx:afterSwap", (event) => {
    select(options()[0]);
    found = event.detail.requestConfig.parameters[input.name];
    if (isWanted) follow();
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("a[role=option]");
    if (option && option !== selected()) select(option);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(selected());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(all[(to + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      follow();
    }
  });
})();
