// The editor of a definition: as many numbers as lines, and from a complaint to its line.
(() => {
  "use strict";

  const editor = document.querySelector("[data-editor]");
  const text = editor?.querySelector("textarea");
  const numbers = editor?.querySelector(".editor-numbers");
  if (!(text instanceof HTMLTextAreaElement) || !numbers) return;

  const count = () => {
    const lines = text.value.split("\n").length;
    while (numbers.children.length > lines) numbers.lastElementChild?.remove();
    for (let line = numbers.children.length + 1; line <= lines; line += 1) {
      const number = document.createElement("span");
      number.textContent = String(line);
      numbers.append(number);
    }
    if (!CSS.supports("field-sizing", "content")) text.rows = Math.max(16, lines + 1);
  };

  const select = (line, column) => {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = start + (lines[line - 1] ?? "").length;
    text.focus({ preventScroll: true });
    text.setSelectionRange(Math.min(start + column - 1, end), end);
    numbers.children[line - 1]?.scrollIntoView({ block: "center" });
  };

  text.addEventListener("input", count);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-line]") : null;
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    select(Number(link.dataset.line), Number(link.dataset.column));
  });
  count();
})();
