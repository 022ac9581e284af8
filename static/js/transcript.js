/* The list of a session's events: loads what comes into sight and lets go of what is far, moves by
   keys, opens events in the inspector, and keeps the address true. Everything here has a plain link
   behind it. Speaks with timeline.js by events on #session. */
window.agentsite = window.agentsite || {};

(() => {
  const root = document.getElementById("session");
  if (!root) return;
  const page = root.dataset.page;
  const NEAR = 1500; // px beyond the edge within which windows are filled
  const FAR = 3200; // px beyond which they are emptied; their height stays
  const inspector = document.getElementById("inspector");
  let reading, list, range, generation = 0, busy = false, failed = false;

  const windows = () => [...list.querySelectorAll(":scope > .window")];
  const rows = () => [...list.querySelectorAll(".event")];
  const current = () => list.querySelector('.event[aria-current="true"]');
  const first = (row) => Number(row.dataset.covers.split(" ")[0]);
  const say = (name, detail) => root.dispatchEvent(new CustomEvent(`session:${name}`, { detail }));
  const tell = (text, tone) => agentsite.toast({ text, tone });
  const address = (more = {}) => {
    const query = new URLSearchParams(reading.dataset.query);
    for (const [name, value] of Object.entries(more)) value ? query.set(name, value) : query.delete(name);
    return `${page}${query.size ? `?${query}` : ""}`;
  };

  /* ---- windows: some dozens of rows each ---- */

  async function ask(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  async function load(cursor) {
    const query = new URLSearchParams(reading.dataset.query);
    const [way, sequence] = cursor.split("=");
    query.set(way, sequence);
    const holder = document.createElement("template");
    holder.innerHTML = await ask(`${root.dataset.events}?${query}`);
    const found = holder.content.querySelector(".window");
    if (!found) throw new Error("no window");
    return found;
  }

  /* What is above the eye may change its height; what is looked at stays where it is. */
  function steadily(change, place) {
    const above = place.getBoundingClientRect().top < list.getBoundingClientRect().top;
    const before = list.scrollHeight;
    change();
    if (above) list.scrollTop += list.scrollHeight - before;
  }

  async function tend() {
    if (busy || failed || !list.isConnected) return;
    const view = list.getBoundingClientRect();
    if (!view.height) return;
    const all = windows();
    const boxes = all.map((each) => each.getBoundingClientRect());
    const away = (box) => Math.max(view.top - box.bottom, box.top - view.bottom);
    all.forEach((each, at) => {
      if (away(boxes[at]) > FAR && !each.classList.contains("is-empty")) {
        each.style.blockSize = `${boxes[at].height}px`;
        each.classList.add("is-empty");
        each.replaceChildren();
      }
    });
    const empty = all.find((each, at) => each.classList.contains("is-empty") && away(boxes[at]) < NEAR);
    const start = all[0], end = all[all.length - 1];
    busy = true;
    const mine = generation;
    try {
      if (empty) {
        const filled = await load(empty.dataset.cursor);
        if (mine === generation) steadily(() => empty.replaceWith(filled), empty), settle(filled);
      } else if ("later" in end.dataset && boxes[all.length - 1].bottom - view.bottom < NEAR) {
        const later = await load(`after=${end.dataset.last}`);
        if (mine === generation) delete end.dataset.later, end.after(later), settle(later);
      } else if ("earlier" in start.dataset && view.top - boxes[0].top < NEAR) {
        const earlier = await load(`before=${start.dataset.first}`);
        if (mine === generation) {
          delete start.dataset.earlier;
          const before = list.scrollHeight;
          start.before(earlier);
          list.scrollTop += list.scrollHeight - before;
          settle(earlier);
        }
      } else return;
      busy = false;
      tend();
    } catch {
      failed = true;
      tell("The server cannot be reached. Scroll to try again.", "error");
      setTimeout(() => { failed = false; }, 2000);
    } finally {
      busy = false;
    }
  }

  /* ---- texts that are opened stay open ---- */

  const key = `agentsite:open:${root.dataset.session}`;
  const opened = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
  function remember(row, open) {
    open ? opened.add(row.dataset.id) : opened.delete(row.dataset.id);
    try {
      localStorage.setItem(key, JSON.stringify([...opened].slice(-300)));
    } catch { /* a full or forbidden store forgets; nothing else breaks */ }
  }

  async function open(row, wanted = !row.classList.contains("is-open")) {
    const more = row.querySelector(".event-more");
    if (!more) return;
    row.classList.toggle("is-open", wanted);
    more.dataset.words ??= more.textContent;
    more.textContent = wanted ? "less" : more.dataset.words;
    remember(row, wanted);
    if (!wanted || !("rest" in more.dataset)) return;
    const said = row.querySelector(".said");
    const quoted = said.textContent.startsWith("“");
    try {
      const text = await ask(`${root.dataset.events}${encodeURIComponent(row.dataset.id)}/?part=text`);
      said.textContent = quoted ? `“${text}”` : text;
      delete more.dataset.rest;
    } catch {
      tell("The rest of this text could not be loaded.", "error");
    }
  }

  /* As the server wrote it, before anything here changed it. */
  const sources = new WeakMap();

  function settle(part) {
    for (const line of part.querySelectorAll(".window > li, :scope > li")) {
      if (!sources.has(line)) sources.set(line, line.outerHTML);
    }
    for (const row of part.querySelectorAll(".event")) {
      const text = row.querySelector(".event-text");
      if (text && row.querySelector(".event-more") && text.scrollHeight > text.clientHeight + 2) row.classList.add("is-long");
      if (opened.has(row.dataset.id)) open(row, true);
    }
    paint();
    const shown = new URLSearchParams(location.search).get("event");
    if (shown) part.querySelector(`[data-id="${CSS.escape(shown)}"]`)?.closest(".event")?.setAttribute("aria-current", "true");
  }

  /* ---- the selected event, and the range from it ---- */

  function paint() {
    for (const row of rows()) row.classList.toggle("is-ranged", Boolean(range) && first(row) >= range[0] && first(row) <= range[1]);
  }

  function reveal(row) {
    const view = list.getBoundingClientRect(), box = row.getBoundingClientRect();
    if (box.top < view.top + 40 || box.bottom > view.bottom - 40) row.scrollIntoView({ block: box.height > view.height / 2 ? "start" : "nearest" });
  }

  let later = 0;
  function show(url) {
    clearTimeout(later);
    later = setTimeout(() => {
      htmx.trigger(inspector, "htmx:abort");
      htmx.ajax("GET", `${url}${url.includes("?") ? "&" : "?"}part=inspector`, { target: "#inspector", swap: "innerHTML" });
    }, 60);
  }

  const keptTab = () => {
    const tab = new URLSearchParams(location.search).get("tab");
    return tab === "thread" || tab === "raw" ? tab : "";
  };

  function select(row, { id = row.dataset.id, extend = false, look = true } = {}) {
    const from = current();
    if (extend && from) {
      const ends = [range?.from ?? first(from), first(row)];
      range = Object.assign([Math.min(...ends), Math.max(...ends)], { from: ends[0], id: range?.id ?? from.dataset.id, to: id });
    } else range = null;
    from?.removeAttribute("aria-current");
    for (const part of list.querySelectorAll(".parts .is-here")) part.classList.remove("is-here");
    row.setAttribute("aria-current", "true");
    row.querySelector(`.parts [data-id="${CSS.escape(id)}"]`)?.classList.add("is-here");
    paint();
    if (look) reveal(row);
    const url = address({ event: range ? range.id : id, to: range ? range.to : "", tab: keptTab() });
    history.replaceState(history.state, "", url);
    show(address({ event: id, tab: keptTab() }));
    announce(row);
  }

  function announce(row) {
    say("selected", {
      sequence: first(row),
      offset: "offset" in row.dataset ? Number(row.dataset.offset) * 1000 : null,
      lane: "lane" in row.dataset ? Number(row.dataset.lane) : null,
      text: row.innerText.replace(/\s+/g, " ").slice(0, 160),
    });
  }

  function step(by, extend = false) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const view = list.getBoundingClientRect();
    const next = at < 0
      ? all.find((row) => row.getBoundingClientRect().bottom > view.top + 8) || all[0]
      : all[Math.min(all.length - 1, Math.max(0, at + by))];
    select(next, { extend });
  }

  async function jump(cursor) {
    const mine = ++generation;
    const found = await load(cursor).catch(() => null);
    if (!found || mine !== generation) return null;
    list.replaceChildren(found);
    settle(found);
    return found;
  }

  /* The row that tells this event, or the last one before it. */
  function telling(sequence) {
    const exact = list.querySelector(`.event[data-covers~="${sequence}"]`);
    if (exact) return exact;
    const loaded = windows().some((each) => Number(each.dataset.first) <= sequence && Number(each.dataset.last) >= sequence && !each.classList.contains("is-empty"));
    return loaded ? rows().filter((row) => first(row) <= sequence).pop() || null : null;
  }

  async function seek(sequence) {
    let row = list.querySelector(`.event[data-covers~="${sequence}"]`);
    if (!row) {
      const found = await jump(`around=${sequence}`);
      row = found && (telling(Number(found.dataset.cursor.split("=")[1])) || rows()[0]);
    }
    if (!row) return;
    select(row, { look: false });
    row.scrollIntoView({ block: "center" });
    tend();
  }

  async function failure(forward, covered = current()?.dataset.covers.split(" ").map(Number) || [0]) {
    const from = forward ? Math.max(...covered) : Math.min(...covered);
    const found = await load(`failure-${forward ? "after" : "before"}=${from}`).catch(() => null);
    if (!found) return;
    const sequence = Number(found.dataset.cursor.split("=")[1]);
    if (covered.includes(sequence) || sequence === from) tell(current() || !forward ? `No error ${forward ? "after" : "before"} this one.` : "Nothing failed.");
    else seek(sequence);
  }

  /* ---- other views of the list ---- */

  async function visit(url, { push = true, keep = false } = {}) {
    const typed = document.activeElement?.id === "inside";
    const mine = ++generation;
    const holder = document.createElement("template");
    document.documentElement.classList.add("is-loading");
    try {
      holder.innerHTML = await ask(url);
    } catch {
      location.assign(url);
      return;
    } finally {
      document.documentElement.classList.remove("is-loading");
    }
    if (mine !== generation) return;
    const fresh = holder.content.querySelector("#reading");
    if (!fresh) { // signed out meanwhile, say
      location.assign(url);
      return;
    }
    const field = document.getElementById("inside");
    if (typed && keep) fresh.querySelector("#inside").replaceWith(field);
    reading.replaceWith(fresh);
    if (typed) document.getElementById("inside").focus();
    if (push) history.pushState({}, "", url);
    begin();
  }

  function begin() {
    reading = document.getElementById("reading");
    list = document.getElementById("events");
    reading.dataset.timed = root.dataset.timed;
    range = reading.dataset.range ? reading.dataset.range.split(" ").map(Number) : null;
    list.addEventListener("scroll", () => requestAnimationFrame(tend), { passive: true });
    settle(list);
    const row = current();
    if (row) row.scrollIntoView({ block: "center" });
    tend();
    say("narrowed", { types: reading.dataset.types ? reading.dataset.types.split(",") : [], thread: reading.dataset.thread });
    if (row) announce(row);
  }

  /* ---- pointer ---- */

  /* The link was drawn before the event was selected: another view of the list keeps it. */
  function withSelection(href) {
    const url = new URL(href, location.href);
    const now = new URLSearchParams(location.search);
    for (const name of ["event", "to", "tab"]) {
      if (now.get(name) && !url.searchParams.has(name)) url.searchParams.set(name, now.get(name));
    }
    return url.href;
  }

  const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.altKey;

  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !plain(event)) return;
    const link = target.closest("a[data-visit]");
    if (link) {
      event.preventDefault();
      visit(withSelection(link.href));
      return;
    }
    const lane = target.closest("a.map-name[data-thread]");
    if (lane) {
      event.preventDefault();
      narrow(lane.dataset.thread === reading.dataset.thread ? "" : lane.dataset.thread);
      return;
    }
    const tab = target.closest("a[data-tab]");
    if (tab) {
      event.preventDefault();
      const now = new URLSearchParams(location.search);
      const place = { event: now.get("event"), to: now.get("to"), tab: tab.dataset.tab };
      history.replaceState(history.state, "", address(place));
      show(address({ ...place, event: list.querySelector(".parts .is-here")?.dataset.id || place.event, to: "" }));
      return;
    }
    if (target.closest("[data-step]")) {
      event.preventDefault();
      step(Number(target.closest("[data-step]").dataset.step));
    } else if (target.closest("[data-copy-link]")) copyLink();
    else if (target.closest("[data-inspect]")) root.classList.add("is-inspecting");
    else if (target.closest("[data-inspect-back]")) {
      event.preventDefault();
      root.classList.remove("is-inspecting");
      current()?.scrollIntoView({ block: "center" });
    } else if (target.closest("[data-sheet]")) inspector.classList.toggle("is-open");
    else if (target.closest("#first-error")) {
      event.preventDefault();
      failure(true, [0]);
    } else if (target.closest("#events .event")) press(event, target);
  });

  function press(event, target) {
    const row = target.closest(".event");
    if (target.closest(".event-more")) {
      event.preventDefault();
      open(row);
      return;
    }
    const other = target.closest("a:not(.event-at, .part-name)");
    if (other || (!target.closest("a") && String(getSelection()))) return;
    event.preventDefault();
    if (event.shiftKey) getSelection().removeAllRanges();
    const part = target.closest(".parts > li");
    select(row, { id: part ? part.dataset.id : row.dataset.id, extend: event.shiftKey, look: false });
    if (innerWidth < 1180 && innerWidth >= 760 && !event.shiftKey) root.classList.add("is-inspecting");
  }

  function narrow(thread) {
    const row = current();
    visit(address({ thread, event: row && (!thread || row.dataset.lane === laneOf(thread)) ? row.dataset.id : "" }));
  }
  const laneOf = (thread) => document.querySelector(`.map-name[data-thread="${CSS.escape(thread)}"]`)?.dataset.lane;

  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".tools-search")) return;
    event.preventDefault();
    clearTimeout(typing);
    search(document.getElementById("inside").value.trim(), true);
  });
  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "inside") return;
    clearTimeout(typing);
    typing = setTimeout(() => search(event.target.value.trim(), false), 250);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "inside" || event.key !== "Escape") return;
    event.preventDefault();
    event.target.value = "";
    event.target.blur();
    if (reading.dataset.q) search("", true);
  });
  async function search(words, done) {
    if (words !== reading.dataset.q) await visit(address({ q: words, event: words ? "" : current()?.dataset.id }), { push: done || !reading.dataset.q, keep: !done });
    if (done && words) {
      document.getElementById("inside").blur();
      if (rows()[0]) select(rows()[0]);
    }
  }

  /* ---- links ---- */

  async function copy(url, text) {
    try {
      await navigator.clipboard.writeText(new URL(url, location.href).href);
      tell(text);
    } catch {
      tell("The browser did not allow copying. The address bar holds the same link.", "error");
    }
  }
  function copyLink() {
    const row = current();
    const id = row ? row.querySelector(".parts .is-here")?.dataset.id || row.dataset.id : inspector.querySelector("[data-card]")?.dataset.card;
    if (id) copy(address({ event: id }), "Link to this event copied.");
    else tell("Select an event first.");
  }
  function copyRange() {
    const query = new URLSearchParams(location.search);
    if (query.get("to")) copy(address({ event: query.get("event"), to: query.get("to") }), "Link to these events copied.");
    else tell("Extend the selection first: Shift and J, or Shift and a click.");
  }

  /* ---- keys ---- */

  const inInspector = () => inspector.contains(document.activeElement) && document.activeElement !== document.body;
  const onControl = () => document.activeElement?.closest?.("a, button, summary, [role=slider]");
  for (const name of ["j", "ArrowDown"]) agentsite.onKey(name, () => (name !== "j" && inInspector() ? false : step(1)));
  for (const name of ["k", "ArrowUp"]) agentsite.onKey(name, () => (name !== "k" && inInspector() ? false : step(-1)));
  agentsite.onKey("n", () => (reading.dataset.q ? step(1) : false));
  agentsite.onKey("p", () => (reading.dataset.q ? step(-1) : false));
  agentsite.onKey("Shift+j", () => step(1, true));
  agentsite.onKey("Shift+k", () => step(-1, true));
  agentsite.onKey("Enter", () => {
    const row = current();
    if (!row || onControl()) return false;
    if (row.classList.contains("is-long") || row.classList.contains("is-open")) open(row);
    root.classList.add("is-inspecting");
    inspector.classList.add("is-open");
  });
  agentsite.onKey("Escape", () => {
    if (reading.dataset.q) search("", true);
    else if (root.classList.contains("is-inspecting") || inspector.classList.contains("is-open")) {
      root.classList.remove("is-inspecting");
      inspector.classList.remove("is-open");
    } else return false;
  });
  agentsite.onKey("e", () => { failure(true); });
  agentsite.onKey("Shift+e", () => { failure(false); });
  agentsite.onKey("t", () => { reading.querySelector(".segments a:not([aria-current])")?.click(); });
  agentsite.onKey("y", () => { copyLink(); });
  agentsite.onKey("Shift+y", () => { copyRange(); });
  const beside = (by) => {
    const threads = ["", ...[...document.querySelectorAll(".map-name[data-thread]")].map((each) => each.dataset.thread)];
    const at = threads.indexOf(reading.dataset.thread);
    narrow(threads[(at + by + threads.length) % threads.length]);
  };
  agentsite.onKey("[", () => { beside(-1); });
  agentsite.onKey("]", () => { beside(1); });

  root.addEventListener("session:seek", (event) => seek(event.detail.sequence));
  root.addEventListener("session:step", (event) => (event.detail.failure ? failure(event.detail.by > 0) : step(event.detail.by)));
  addEventListener("popstate", () => visit(location.href, { push: false }));
  addEventListener("resize", () => requestAnimationFrame(tend));

  /* What following.js does with the list. */
  agentsite.transcript = {
    load, jump, settle, tend, windows, current,
    get list() { return list; },
    get reading() { return reading; },
    get generation() { return generation; },
    sourceOf: (line) => sources.get(line),
    inspectAgain: (tab = keptTab()) => {
      const row = current();
      show(address({ event: row ? row.querySelector(".parts .is-here")?.dataset.id || row.dataset.id : "", tab }));
    },
  };

  /* A link to an event shows it in the list; only a link to a tab opens the details over it. */
  if (!new URLSearchParams(location.search).get("tab")) root.classList.remove("is-inspecting");
  begin();
})();
