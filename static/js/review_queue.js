/* The queue beside the desk: which row lies there, what is selected for a batch, and what others do meanwhile. */
(() => {
  "use strict";

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const queue = document.getElementById("queue");
  const rows = () => all(".queue-row");
  const linkOf = (row) => one(".row-link", row);
  const rowOf = (id) => document.getElementById(`row-${id}`);

  /* mark(id): this row lies on the desk, or is on its way to it. */
  function mark(id) {
    for (const row of rows()) {
      if (row.dataset.proposal === id) linkOf(row).setAttribute("aria-current", "true");
      else linkOf(row).removeAttribute("aria-current");
    }
    rowOf(id)?.scrollIntoView({ block: "nearest" });
    const focused = document.activeElement?.closest?.(".queue-row");
    if (focused && focused.dataset.proposal !== id && rowOf(id)) linkOf(rowOf(id)).focus({ preventScroll: true });
  }

  /* beside(id, by): the link of the row so many further on, of those that are not decided. */
  function beside(id, by) {
    const list = rows().filter((row) => row.dataset.proposal === id || !row.classList.contains("is-decided"));
    const at = list.findIndex((row) => row.dataset.proposal === id);
    return at < 0 || !list[at + by] ? null : linkOf(list[at + by]);
  }

  /* ---- several at once ---- */
  let anchor = null;
  const ticks = () => all('.queue-row:not(.is-decided) input[name="proposal"]');
  const currentTick = () => one(".queue-row:has(> [aria-current]) input[name='proposal']");
  function saySelected() {
    if (!queue) return;
    const count = ticks().filter((tick) => tick.checked).length;
    queue.classList.toggle("is-selecting", count > 0);
    const place = one("[data-selected]", queue);
    if (place) place.textContent = count;
  }
  const range = (to) => {
    const list = ticks(), from = list.findIndex((tick) => tick.value === anchor), until = list.indexOf(to);
    if (from < 0 || until < 0) return;
    for (const tick of list.slice(Math.min(from, until), Math.max(from, until) + 1)) tick.checked = true;
  };
  agentsite.onKey("x", () => {
    const tick = currentTick();
    if (!tick) return false;
    tick.checked = !tick.checked;
    anchor = tick.value;
    saySelected();
  });
  agentsite.onKey("Shift+x", () => {
    const tick = currentTick();
    if (!tick) return false;
    tick.checked = true;
    range(tick);
    anchor = tick.value;
    saySelected();
  });
  agentsite.onKey("b", () => {
    if (!ticks().some((tick) => tick.checked)) {
      agentsite.toast({ text: "Select some with X first." });
      return;
    }
    one("#batch button[value='accept']").click();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.name === "proposal") {
      if (event.shiftKey && anchor) range(event.target);
      anchor = event.target.value;
      saySelected();
    }
    if (event.target.closest("[data-clear]")) {
      for (const tick of ticks()) tick.checked = false;
      saySelected();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "proposal") saySelected();
  });

  /* ---- rows change in their place, new ones are offered ---- */
  const renew = agentsite.calmly(async () => {
    if (!queue) return;
    const query = new URLSearchParams(location.search);
    query.set("shown", rows().map((row) => row.dataset.proposal).join(","));
    query.set("selected", document.getElementById("proposal")?.dataset.id || "");
    const answer = await fetch(`${queue.dataset.rows.split("?")[0]}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const counts = one("[data-count]", holder.content);
    if (!counts) return; // not the rows: somebody was signed out meanwhile
    for (const row of rows()) put(row, holder.content.getElementById(row.id));
    document.getElementById("queue-count").textContent = counts.dataset.count;
    for (const each of all("[data-risk]")) each.textContent = counts.dataset[each.dataset.risk];
    const place = document.getElementById("new-proposals"), link = holder.content.getElementById("show-new");
    if (!link) place.replaceChildren();
    else if (place.textContent !== link.textContent) place.replaceChildren(link);
    saySelected();
    document.body.dispatchEvent(new Event("reviews"));
  }, 500);

  /* A fresh row keeps what its reader did to the old one: the tick, the mark, the focus. */
  function put(row, fresh) {
    if (!fresh) {
      row.classList.add("is-decided");
      return;
    }
    const tick = one("input[name='proposal']", row), again = one("input[name='proposal']", fresh);
    if (tick?.checked && again) again.checked = true;
    linkOf(fresh).toggleAttribute("aria-current", false);
    if (linkOf(row).hasAttribute("aria-current")) linkOf(fresh).setAttribute("aria-current", "true");
    if (fresh.innerHTML === row.innerHTML && fresh.className === row.className) return;
    const focused = row.contains(document.activeElement);
    row.replaceWith(fresh);
    htmx.process(fresh);
    if (focused) linkOf(fresh).focus({ preventScroll: true });
  }

  saySelected();
  agentsite.queue = { mark, beside, renew, decided: (id, is) => rowOf(id)?.classList.toggle("is-decided", is) };
})();
