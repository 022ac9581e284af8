/* A session that goes on while it is looked at: new events come in at the end of the list, figures and
   lanes follow. Who reads further up stays there and is told how much is new. */
window.agentsite = window.agentsite || {};

(() => {
  const root = document.getElementById("session");
  const transcript = agentsite.transcript;
  if (!root?.dataset.stream || !transcript || !window.EventSource) return;

  const END = "before=2147483646";
  const MOST_WINDOWS = 3; // so many are loaded one after another; further than that we jump
  const SLACK = 32, NEAR = 1500; // px from the end: that is at it; close enough to keep it filled
  const AGAIN = 2000; // ms until the next try when the server does not answer
  const BESIDE = [".session-head", ".map-names", ".map-costs", ".map-sum", ".tools-chips", ".tools-first"];

  let last = Number(root.dataset.last); // the session's newest event, as far as we have heard
  let looked = last; // up to this the list's end has been asked for
  let seen = last; // up to this the reader has been at the end
  let told = last; // up to this figures and ends of events are shown
  let following = false, growing = false;

  const tail = () => transcript.windows().at(-1);
  const hasEnd = () => !("later" in tail().dataset) && !tail().classList.contains("is-empty");
  const below = () => transcript.list.scrollHeight - transcript.list.scrollTop - transcript.list.clientHeight;
  const atEnd = () => hasEnd() && !("stale" in tail().dataset) && below() < SLACK;
  const isNarrowed = () => Boolean(transcript.reading.dataset.types || transcript.reading.dataset.thread || transcript.reading.dataset.q);
  const toBottom = () => { transcript.list.scrollTop = transcript.list.scrollHeight; };

  /* ---- the list ---- */

  /* What is looked at stays where it is, whatever happens above it. */
  function steadily(change) {
    const { list } = transcript;
    const top = list.getBoundingClientRect().top;
    const row = [...list.querySelectorAll(".event")].find((each) => each.getBoundingClientRect().bottom > top);
    const before = row?.getBoundingClientRect().top;
    change();
    const now = row && document.getElementById(row.id);
    if (now && now.closest("#events")) list.scrollTop += now.getBoundingClientRect().top - before;
  }

  const keyOf = (line) => line.id || `before ${line.nextElementSibling?.id || "nothing"}`;

  /* Rows that say what they said stay as they are, with their focus and what is open in them. */
  function renew(old, fresh) {
    const have = new Map([...old.children].map((line) => [keyOf(line), line]));
    let at = old.firstElementChild;
    for (const [key, line] of [...fresh.children].map((each) => [keyOf(each), each])) {
      const mine = have.get(key);
      have.delete(key);
      if (mine && transcript.sourceOf(mine) === line.outerHTML) {
        if (mine === at) at = at.nextElementSibling;
        else old.insertBefore(mine, at);
        continue;
      }
      old.insertBefore(line, at);
      if (mine === at) at = at?.nextElementSibling ?? null;
      mine?.remove();
    }
    for (const line of have.values()) line.remove();
    old.dataset.first = fresh.dataset.first;
    old.dataset.last = fresh.dataset.last;
    delete old.dataset.stale;
    if ("later" in fresh.dataset && old === tail()) old.dataset.later = "";
  }

  async function refresh(part) {
    const mine = transcript.generation;
    const fresh = await transcript.load(part.dataset.cursor);
    if (mine !== transcript.generation || !part.isConnected || part.classList.contains("is-empty")) return;
    steadily(() => {
      renew(part, fresh);
      transcript.settle(part);
    });
  }

  async function extend() {
    const part = tail(), mine = transcript.generation;
    const more = await transcript.load(`after=${part.dataset.last}`);
    if (mine !== transcript.generation || part !== tail()) return;
    delete part.dataset.later;
    part.after(more);
    transcript.settle(more);
  }

  async function jumpToEnd() {
    const found = await transcript.jump(END);
    // From now on it is the window before its end, whatever comes after that.
    if (found?.querySelector(".event")) found.dataset.cursor = `before=${Number(found.dataset.last) + 1}`;
  }

  async function fill() {
    await refresh(tail());
    for (let loaded = 0; following && !hasEnd(); loaded += 1) {
      if (loaded === MOST_WINDOWS) await jumpToEnd();
      else await extend();
    }
  }

  async function grow() {
    if (growing) return;
    growing = true;
    try {
      while (looked < last) {
        const target = last;
        if (following && !hasEnd()) await jumpToEnd();
        else if (hasEnd() && (following || below() < NEAR)) await fill();
        else if (hasEnd()) tail().dataset.stale = "";
        looked = target;
        if (following) toBottom();
      }
    } catch {
      setTimeout(grow, AGAIN);
    } finally {
      growing = false;
    }
    show();
  }

  async function follow() {
    following = true;
    looked = Math.min(looked, last - 1);
    await grow();
    toBottom();
    transcript.tend();
    show();
  }

  /* ---- what is said of it ---- */

  function show() {
    const button = document.getElementById("follow"), pill = document.getElementById("new-events");
    button.hidden = false;
    button.setAttribute("aria-pressed", String(following));
    if (following) seen = last;
    if (last <= seen) pill.hidden = true;
    else tellNew();
  }

  /* Calmly, because it is read out. What a narrowed list leaves out is not new to its reader. */
  const tellNew = agentsite.calmly(async () => {
    const mine = transcript.generation;
    let words = `${last - seen} new event${last - seen === 1 ? "" : "s"}`;
    if (isNarrowed()) {
      const found = await transcript.load(END).catch(() => null);
      if (!found?.querySelector(".event")) return;
      if (Number(found.dataset.last) <= seen) return;
      words = "New events";
    }
    if (following || last <= seen || mine !== transcript.generation) return;
    const pill = document.getElementById("new-events");
    pill.textContent = words;
    pill.hidden = false;
  });

  /* ---- figures, lanes, and events that have ended ---- */

  const drawn = new Map();
  function put(selector, holder) {
    const old = root.querySelector(selector), fresh = holder.querySelector(selector);
    if (!old || !fresh || (drawn.get(selector) ?? old.outerHTML) === fresh.outerHTML) return;
    const { id, dataset } = document.activeElement && old.contains(document.activeElement) ? document.activeElement : {};
    const along = old.scrollLeft;
    drawn.set(selector, fresh.outerHTML);
    old.replaceWith(fresh);
    fresh.scrollLeft = along;
    const again = id ? document.getElementById(id) : dataset?.thread && fresh.querySelector(`[data-thread="${CSS.escape(dataset.thread)}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  const look = agentsite.calmly(async () => {
    const mine = transcript.generation;
    const answer = await fetch(`${root.dataset.news}?${transcript.reading.dataset.query}&since=${told}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) {
      setTimeout(look, AGAIN);
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const news = holder.content.getElementById("news");
    if (!news || mine !== transcript.generation) return;
    told = Number(news.dataset.last);
    for (const selector of BESIDE) put(selector, news);
    Object.assign(document.getElementById("map").dataset, { archived: news.querySelector("#map").dataset.archived });
    Object.assign(document.getElementById("map-plot").dataset, { rows: news.querySelector("#map-plot").dataset.rows });
    root.dispatchEvent(new CustomEvent("session:grown"));
    inspect();
    await retell(news.dataset.ended.split(" ").filter(Boolean));
    if (following) toBottom();
  });

  /* The sums beside the list follow too, unless somebody is at work there. */
  const inspect = agentsite.calmly(async () => {
    const inspector = document.getElementById("inspector");
    const tab = inspector.querySelector("[data-tab][aria-current]")?.dataset.tab;
    const isBusy = inspector.contains(document.activeElement) || inspector.querySelector("details[open]") || inspector.querySelector(".pane-body")?.scrollTop;
    if ((tab === "session" || tab === "thread") && !isBusy) transcript.inspectAgain(tab);
  }, 3000);

  async function retell(ended) {
    const rows = ended.flatMap((sequence) => [...transcript.list.querySelectorAll(`.event[data-covers~="${sequence}"]`)]);
    if (rows.some((row) => row.getAttribute("aria-current") === "true")) transcript.inspectAgain();
    for (const part of new Set(rows.map((row) => row.closest(".window")))) await refresh(part).catch(() => {});
  }

  /* ---- reader and server ---- */

  root.addEventListener("scroll", (event) => {
    if (event.target !== transcript.list || growing) return;
    following = atEnd();
    if ("stale" in tail().dataset && below() < NEAR) {
      looked = Math.min(looked, last - 1);
      grow();
    } else show();
  }, { capture: true, passive: true });

  /* Another view of the list begins anew. */
  root.addEventListener("session:narrowed", () => {
    drawn.clear();
    following = false;
    looked = told;
    if (opened) show();
  });

  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("#new-events")) follow();
    else if (target?.closest("#follow")) toggle();
  });
  function toggle() {
    if (!following) {
      follow();
      return;
    }
    following = false;
    show();
  }
  agentsite.onKey("f", () => (opened ? toggle() : false));

  let opened = false;
  const leave = agentsite.listen(root.dataset.stream, (news) => {
    if (news.deleted) {
      leave();
      agentsite.toast({ text: "This session was deleted. What you see of it is all that is left.", tone: "warning" });
      return;
    }
    if (!opened) {
      opened = true;
      following = !transcript.current() && atEnd();
      show();
    }
    const before = last;
    last = Math.max(last, news.last);
    // Rows first: figures can wait until they are there.
    if (looked < last) grow().then(look);
    else if (last > before || !news.last) look();
  });
})();
