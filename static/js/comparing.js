/* Judging a comparison with one hand: J and K walk the rows, figures pick in the row one is at. */
(() => {
  "use strict";

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => document.activeElement?.closest("[data-row]");

  const go = (row) => {
    if (!row) return false;
    row.focus();
    row.scrollIntoView({ block: "start" });
  };
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    return go(at < 0 ? all[0] : all[at + by]);
  };
  agentsite.onKey("j", () => step(1));
  agentsite.onKey("k", () => step(-1));

  const pick = (figure) => {
    const row = current() || rows().find((each) => !("picked" in each.dataset));
    const button = row?.querySelector(`[data-key="${figure}"]`);
    if (!button) return false;
    row.focus();
    button.click();
  };
  for (const figure of ["1", "2", "3", "4"]) agentsite.onKey(figure, () => pick(figure));

  /* Whoever judged a row is still at it; what comes next is one key away. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt?.closest?.("[data-row]");
    if (row && document.activeElement === document.body) row.focus({ preventScroll: true });
  });
})();
