/* Memory: keys through lists and versions, editing, and keeping what was typed. */
(() => {
  "use strict";

  const links = () => [...document.querySelectorAll("[data-walk] .row-link")];

  const move = (step) => {
    const all = links();
    if (!all.length) return false;
    const focused = all.indexOf(document.activeElement);
    const at = focused >= 0 ? focused : all.findIndex((link) => link.hasAttribute("aria-current"));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };
  agentsite.onKey("j", () => move(1));
  agentsite.onKey("k", () => move(-1));
  agentsite.onKey("e", () => {
    const edit = document.querySelector('[data-key="e"]');
    if (!edit) return false;
    edit.click();
  });

  /* In a pane that scrolls, what the page is at comes into view. */
  document.querySelector(".tree [aria-current]")?.scrollIntoView({ block: "center" });

  const form = document.querySelector("form[data-write]");
  const text = form?.querySelector("textarea");
  if (!(form instanceof HTMLFormElement) || !(text instanceof HTMLTextAreaElement)) return;

  const saving = [...form.querySelectorAll("button.btn-primary")].at(-1);
  agentsite.onKey("mod+Enter", () => form.requestSubmit(saving), { anywhere: true });

  /* Who leaves with words that were not saved is asked by the browser. */
  let isSending = false;
  const isKept = () => isSending || text.value === text.defaultValue;
  form.addEventListener("submit", () => { isSending = true; });
  document.addEventListener("htmx:afterRequest", () => { isSending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isKept()) event.preventDefault();
  });
})();
