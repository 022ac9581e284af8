/* Outcomes: keys through the grid, labels by number, and the quote that a verdict rests on in view. */
(() => {
  "use strict";

  const cells = () => [...document.querySelectorAll("[data-grid] tbody tr:not(.group-row)")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("a")));

  const here = () => {
    const rows = cells();
    const at = rows.findIndex((row) => row.includes(document.activeElement));
    const row = at >= 0 ? at : rows.findIndex((each) => each.some((link) => link?.hasAttribute("aria-current")));
    const column = row < 0 ? 0 : rows[row].findIndex((link) => link && (link === document.activeElement || (at < 0 && link.hasAttribute("aria-current"))));
    return { rows, row, column: Math.max(0, column) };
  };

  const step = (down) => {
    const { rows, row, column } = here();
    for (let next = row + down; next >= 0 && next < rows.length; next += down) {
      const link = rows[next][column];
      if (link) { link.focus(); link.click(); return; }
    }
  };
  agentsite.onKey("j", () => step(1));
  agentsite.onKey("k", () => step(-1));

  const arrows = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  document.addEventListener("keydown", (event) => {
    if (!(event.key in arrows) || !document.activeElement?.closest("[data-grid] td")) return;
    const { rows, row, column } = here();
    const [down, right] = arrows[event.key];
    const link = rows[row + down]?.[column + right];
    if (!link) return;
    event.preventDefault();
    link.focus();
  });

  for (const name of ["1", "2", "3", "u"]) {
    agentsite.onKey(name, () => {
      const button = document.querySelector(`[data-label="${name}"]`);
      if (!button) return false;
      button.click();
    });
  }

  /* Inside the artifact alone: the page stays where it is. */
  const show = () => {
    const cell = document.querySelector("[data-grid] [aria-current]");
    const grid = cell?.closest(".grid-scroll");
    if (grid) grid.scrollLeft += cell.getBoundingClientRect().right + 16 - grid.getBoundingClientRect().right;
    const quote = document.getElementById("quote");
    const pane = quote?.closest(".artifact");
    if (!pane) return;
    const offset = quote.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += offset - pane.clientHeight / 3;
  };
  document.addEventListener("htmx:afterSettle", show);
  show();
})();
