/* Keys, menus and dialogs of the frame. Everything shared hangs on `agentsite`: classic scripts in
   order need neither a bundler nor import paths that survive hashed file names. */
window.agentsite = window.agentsite || {};

(() => {
  const handlers = new Map();
  const PATIENCE = 1200; // ms between the two keys of a sequence
  let waiting = null;

  /* onKey("j", fn) · onKey("Shift+ArrowRight", fn) · onKey("mod+k", fn): Ctrl, or ⌘ on a Mac.
     A handler that returns false did not want the key. Returns a function that takes it back. */
  agentsite.onKey = (combo, handler, { anywhere = false } = {}) => {
    const entry = { handler, anywhere };
    const list = handlers.get(combo) || [];
    list.unshift(entry);
    handlers.set(combo, list);
    return () => list.splice(list.indexOf(entry), 1);
  };

  agentsite.isTyping = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit|range|file)$/.test(target.type)));

  const nameOf = (event) => {
    const printable = event.key.length === 1;
    const name = printable ? event.key.toLowerCase() : event.key;
    const letter = printable && /[a-z]/.test(name);
    return (event.ctrlKey || event.metaKey ? "mod+" : "") + (event.altKey ? "Alt+" : "") +
      (event.shiftKey && (letter || !printable) ? "Shift+" : "") + name;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || !event.key) return;
    const typing = agentsite.isTyping(event.target) || document.querySelector("dialog:modal") !== null;
    const name = nameOf(event);

    if (waiting && !typing) {
      clearTimeout(waiting);
      waiting = null;
      const place = document.querySelector(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
      if (place) {
        event.preventDefault();
        place.click();
      }
      return;
    }
    for (const { handler, anywhere } of handlers.get(name) || []) {
      if (typing && !anywhere) continue;
      if (handler(event) === false) continue;
      event.preventDefault();
      return;
    }
  });

  agentsite.onKey("g", () => {
    waiting = setTimeout(() => { waiting = null; }, PATIENCE);
  });

  /* ---- the help dialog, any dialog by data-dialog="id", and the page's own search field ---- */
  const help = () => document.getElementById("help")?.showModal();
  agentsite.onKey("?", help);
  agentsite.onKey("/", () => {
    const field = document.querySelector("[data-search]");
    if (!field) return false;
    field.focus();
    field.select?.();
  });

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    if (target.closest("[data-help-open]")) help();
    const opener = target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    if (target.matches("dialog:modal")) {
      const box = target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.detail) target.close();
    }
    const copier = target.closest("[data-copy]");
    if (copier) copy(copier);
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });

  /* data-copy="text", or the id of what holds it as data-copy="#id". */
  async function copy(button) {
    const wanted = button.dataset.copy;
    const text = wanted.startsWith("#") ? document.querySelector(wanted)?.textContent ?? "" : wanted;
    try {
      await navigator.clipboard.writeText(text);
      agentsite.toast({ text: button.dataset.copied || "Copied." });
    } catch {
      agentsite.toast({ text: "The browser did not allow copying. Select the text and copy it.", tone: "error" });
    }
  }

  /* ---- menus: arrows move, Esc closes ---- */
  document.addEventListener("keydown", (event) => {
    const menu = event.target instanceof Element ? event.target.closest("details[data-menu][open]") : null;
    if (!menu) return;
    const summary = menu.querySelector("summary");
    if (event.key === "Escape") {
      event.preventDefault();
      menu.open = false;
      summary.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const items = [...menu.querySelectorAll(".menu-list :is(a, button)")].filter((item) => item.offsetParent);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    event.preventDefault();
    items[(at < 0 && step < 0 ? items.length - 1 : at + step + items.length) % items.length]?.focus();
  }, true);

  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches("[data-menu]") || !menu.open) return;
    for (const other of document.querySelectorAll("details[data-menu][open]")) if (other !== menu) other.open = false;
  }, true);
})();
