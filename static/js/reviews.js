/* Reviewing with one hand: keys, hunks, evidence, the claim, batches, and what others do meanwhile. */
(() => {
  "use strict";

  const DWELL = 1500; // ms that a proposal lies on the desk before looking at it counts as work on it
  const RENEW = 60000;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = () => document.getElementById("proposal");
  const queue = document.getElementById("queue");
  const rows = () => all(".queue-row");
  const rowOf = (id) => document.getElementById(`row-${id}`);
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const isOff = (element) => element?.getAttribute("aria-disabled") === "true";
  let lastDecided = null, openedAt = performance.now(), claimedAt = 0, isClaiming = false;

  /* ---- keys ---- */
  const press = (name) => {
    const target = one(`#proposal [data-key="${name}"]`);
    if (!target || isOff(target)) {
      if (target?.title) agentsite.toast({ text: target.title, tone: "warning" });
      return false;
    }
    target.click();
  };
  const step = (by) => {
    const link = one(`#proposal [data-step="${by}"]`);
    if (!link) return false;
    link.click();
  };
  agentsite.onKey("j", () => step(1));
  agentsite.onKey("k", () => step(-1));
  for (const key of ["a", "e", "s", "c"]) agentsite.onKey(key, () => press(key));
  agentsite.onKey("mod+Enter", () => {
    const save = one("#proposal [data-save]");
    if (!save || isOff(save)) return false;
    save.click();
  }, { anywhere: true });
  agentsite.onKey("u", () => {
    if (!lastDecided?.undo) return false;
    undo(lastDecided);
  });

  const reject = () => one("#proposal .reject");
  agentsite.onKey("r", () => {
    const menu = reject();
    if (!menu || isOff(one("summary", menu))) return false;
    menu.open = !menu.open;
    if (menu.open) one(".menu-item", menu).focus();
  });
  for (const digit of "123456") {
    agentsite.onKey(digit, () => {
      if (!reject()?.open) return false;
      all(".menu-item", reject())[digit - 1]?.click();
    });
  }
  /* Enter in the note chooses no reason by itself. */
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "reject-note" && event.key === "Enter") event.preventDefault();
  });

  /* ---- what one is at: a hunk, a piece of evidence ---- */
  const walk = (selector, by) => {
    const items = all(selector);
    if (!items.length) return false;
    const at = items.findIndex((item) => item.classList.contains("is-current"));
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    for (const item of items) item.classList.toggle("is-current", item === next);
    next.scrollIntoView({ block: "nearest" });
    return next;
  };
  agentsite.onKey("n", () => walk("[data-hunk]", 1) && undefined);
  agentsite.onKey("p", () => walk("[data-hunk]", -1) && undefined);
  agentsite.onKey("]", () => walk("[data-card]", 1) && undefined);
  agentsite.onKey("[", () => walk("[data-card]", -1) && undefined);
  agentsite.onKey("o", () => {
    const link = one("[data-card].is-current a.link");
    if (!link) return false;
    link.click();
  });
  agentsite.onKey("v", () => {
    const other = one("[data-layouts] a:not([aria-current])");
    if (!other) return false;
    other.click();
  });
  agentsite.onKey(" ", (event) => {
    if (event.target instanceof Element && event.target.closest("a, button, input, summary")) return false;
    const tick = one("[data-hunk].is-current .tick");
    if (!tick) return false;
    tick.click();
  });

  /* ---- hunks: the button says how many ---- */
  const sayHunks = () => {
    const ticks = all('#proposal input[name="hunk"]'), words = one("#proposal [data-accept]");
    if (!ticks.length || !words) return;
    const taken = ticks.filter((tick) => tick.checked).length;
    const { accept, effect } = words.dataset;
    words.textContent = taken === ticks.length ? `${accept} all ${taken} hunks — ${effect}` : `${accept} ${taken} of ${ticks.length} hunks — ${effect}`;
    const button = words.closest("button");
    const why = taken ? "" : "Tick a hunk at least, or reject the proposal.";
    if (button.dataset.off === undefined) button.dataset.off = isOff(button) ? "1" : "";
    if (button.dataset.off) return;
    if (why) { button.setAttribute("aria-disabled", "true"); button.title = why; } else { button.removeAttribute("aria-disabled"); button.removeAttribute("title"); }
  };
  document.addEventListener("change", (event) => {
    if (event.target.name === "hunk") sayHunks();
    if (event.target.name === "proposal") saySelected();
  });
  /* What is switched off says why instead. */
  document.addEventListener("click", (event) => {
    const off = event.target instanceof Element && event.target.closest("#proposal [aria-disabled='true']");
    if (!off) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (off.title) agentsite.toast({ text: off.title, tone: "warning" });
  }, true);

  /* ---- batch ---- */
  let anchor = null;
  const ticks = () => all('.queue-row:not(.is-decided) input[name="proposal"]');
  function saySelected() {
    if (!queue) return;
    const count = ticks().filter((tick) => tick.checked).length;
    queue.classList.toggle("is-selecting", count > 0);
    const place = one("[data-selected]", queue);
    if (place) place.textContent = count;
  }
  const currentTick = () => one(".queue-row:has(> [aria-current]) input[name='proposal']");
  const range = (to) => {
    const list = ticks(), from = list.indexOf(anchor), until = list.indexOf(to);
    if (from < 0 || until < 0) return;
    for (const tick of list.slice(Math.min(from, until), Math.max(from, until) + 1)) tick.checked = true;
  };
  agentsite.onKey("x", () => {
    const tick = currentTick();
    if (!tick) return false;
    tick.checked = !tick.checked;
    anchor = tick;
    saySelected();
  });
  agentsite.onKey("Shift+x", () => {
    const tick = currentTick();
    if (!tick) return false;
    tick.checked = true;
    range(tick);
    anchor = tick;
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
      anchor = event.target;
      saySelected();
    }
    if (event.target.closest("[data-clear]")) {
      for (const tick of ticks()) tick.checked = false;
      saySelected();
    }
    const sheet = event.target.closest("[data-sheet]");
    if (sheet) {
      const open = one("#evidence").classList.toggle("is-open");
      sheet.setAttribute("aria-expanded", String(open));
    }
  });

  /* ---- a decision: its row goes with the next load, the next one lies there, it can be undone ---- */
  document.body.addEventListener("decided", (event) => {
    const said = event.detail;
    lastDecided = said.undo ? said : null;
    const row = rowOf(said.id);
    if (row && !said.is_back) row.classList.toggle("is-decided", Boolean(said.undo));
    if (row && said.is_back) row.classList.remove("is-decided");
    const action = said.undo ? { label: "Undo", key: "u", run: () => undo(said) } : undefined;
    agentsite.toast({ text: said.text, action });
    news(null);
  });
  function undo(said) {
    lastDecided = null;
    htmx.ajax("POST", said.undo, { target: "#proposal", swap: "outerHTML" });
  }

  /* What is typed and ticked is kept until the server has it. */
  const typed = () => document.getElementById("edit-content");
  addEventListener("beforeunload", (event) => {
    const text = typed();
    if (text && text.value !== text.defaultValue && !isSending) event.preventDefault();
  });
  let isSending = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asker = event.detail.elt;
    const text = typed();
    const leaves = event.detail.target?.id === "proposal" && !asker.closest?.("#decision, .desk-foot");
    if (leaves && text && text.value !== text.defaultValue && !confirm("Leave what you typed?")) event.preventDefault();
  });
  document.addEventListener("submit", () => { isSending = true; });
  document.addEventListener("htmx:afterRequest", () => { isSending = false; });

  /* ---- another proposal lies on the desk ---- */
  const arrived = () => {
    openedAt = performance.now();
    claimedAt = one("#claim")?.dataset.holder === "you" ? openedAt : 0;
    const id = desk()?.dataset.id;
    for (const row of rows()) {
      const link = one(".row-link", row);
      if (row.dataset.proposal === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    rowOf(id)?.scrollIntoView({ block: "nearest" });
    const focused = document.activeElement?.closest?.(".queue-row");
    if (focused && focused.dataset.proposal !== id) one(".row-link", rowOf(id) || focused).focus({ preventScroll: true });
    all("[data-hunk]")[0]?.classList.add("is-current");
    all("[data-card]")[0]?.classList.add("is-current");
    sayHunks();
    if (typed()) typed().focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt?.id === "proposal" || event.target.id === "proposal") arrived();
  });
  arrived();
  saySelected();

  /* The page after a decision without htmx says so itself; with scripts it is a toast. */
  const before = one("[data-just-decided]");
  if (before) {
    lastDecided = { id: before.dataset.justDecided, undo: before.getAttribute("action") };
    history.replaceState(history.state, "", location.href.replace(/([?&])decided=[^&]*&?/, "$1").replace(/[?&]$/, ""));
  }

  /* ---- the claim: taken by working on it, renewed by going on, counted down ---- */
  async function claim() {
    const place = one("#claim");
    const holder = place?.dataset.holder;
    if (!place || holder === "other" || !one("form", place) || isClaiming || document.hidden) return;
    const now = performance.now();
    if (now - openedAt < DWELL || (claimedAt && now - claimedAt < RENEW)) return;
    isClaiming = true;
    claimedAt = now;
    try {
      const answer = await fetch(place.dataset.claim, { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token() } });
      if (answer.ok) put(await answer.text());
    } catch {
      // tried again with what is done a minute from now
    } finally {
      isClaiming = false;
    }
  }
  for (const sign of ["keydown", "pointerdown", "wheel", "input"]) document.addEventListener(sign, claim, { passive: true });
  /* Who claims by hand need not be helped, and who lets go means it, as long as it lies there. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.detail.elt.closest?.("#claim");
    if (place) claimedAt = place.dataset.holder === "you" ? Infinity : performance.now();
  });

  function put(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const id of ["claim", "desk-news"]) {
      const fresh = holder.content.getElementById(id), old = document.getElementById(id);
      if (!fresh || !old || fresh.outerHTML === old.outerHTML) continue;
      if (one(".htmx-request", old)) continue; // what was asked for by hand is on its way, and newer
      old.replaceWith(fresh);
      htmx.process(fresh);
    }
  }

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  setInterval(() => {
    for (const place of all("[data-left]")) {
      const left = Math.max(0, place.dataset.left - 1);
      place.dataset.left = left;
      place.textContent = clock(left);
      if (left === 0) news(null);
    }
  }, 1000);

  /* ---- what others do: rows change in their place, new ones are offered, nothing typed is touched ---- */
  const renewRows = agentsite.calmly(async () => {
    if (!queue) return;
    const query = new URLSearchParams(location.search);
    query.set("shown", rows().map((row) => row.dataset.proposal).join(","));
    query.set("selected", desk()?.dataset.id || "");
    const answer = await fetch(`${queue.dataset.rows.split("?")[0]}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    for (const row of rows()) {
      const fresh = holder.content.getElementById(row.id);
      if (!fresh) { row.classList.add("is-decided"); continue; }
      const tick = one("input[name='proposal']", row), again = one("input[name='proposal']", fresh);
      if (tick?.checked && again) again.checked = true;
      const link = one(".row-link", row);
      if (link.hasAttribute("aria-current")) one(".row-link", fresh).setAttribute("aria-current", "true");
      else one(".row-link", fresh).removeAttribute("aria-current");
      if (fresh.innerHTML === row.innerHTML && fresh.className === row.className) continue;
      const focused = row.contains(document.activeElement);
      row.replaceWith(fresh);
      htmx.process(fresh);
      if (focused) one(".row-link", fresh).focus({ preventScroll: true });
    }
    const counts = one("[data-count]", holder.content);
    document.getElementById("queue-count").textContent = counts.dataset.count;
    for (const each of all("[data-risk]")) each.textContent = counts.dataset[each.dataset.risk];
    const place = document.getElementById("new-proposals"), link = holder.content.getElementById("show-new");
    if (!link) place.replaceChildren();
    else if (place.textContent !== link.textContent) place.replaceChildren(link);
    saySelected();
    document.body.dispatchEvent(new Event("reviews"));
  }, 500);

  const renewStanding = agentsite.calmly(async () => {
    const here = desk(), id = here?.dataset.id;
    if (!id) return;
    const address = `${new URL(here.dataset.here, location.href).pathname}standing/`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || desk()?.dataset.id !== id) return;
    const html = await answer.text();
    if (!one("#foot #decision")) return; // it was shown as decided from the start
    put(html);
    const status = one("#desk-news")?.dataset.status;
    if (status && status !== "pending") {
      for (const button of all("#foot button, #foot summary")) {
        button.setAttribute("aria-disabled", "true");
        button.title = one("#desk-news .title")?.textContent || "";
      }
    }
  }, 500);

  function news(id) {
    renewRows();
    if (id === null || id === desk()?.dataset.id) renewStanding();
  }
  const place = document.getElementById("desk");
  if (place && window.EventSource) agentsite.listen(place.dataset.stream, ({ changed }) => news(changed));
})();
