/* Reviewing with one hand: keys, hunks, evidence, the claim, and what others do meanwhile.

   Whatever acts, acts on the proposal that was seen. While an answer is on its way that may put another
   one on the desk, nothing else is sent and the page says so; only a look at another may be overtaken. */
(() => {
  "use strict";

  const DWELL = 1500; // ms that a proposal lies on the desk before looking at it counts as work on it
  const RENEW = 60000;
  const TWICE = 400; // ms between two presses that are one: nobody has read the next one by then
  const PATIENCE = 30000; // ms that an answer may take
  const TOO_SOON = "Not accepted: this one has only just come. Say so again if you mean it, too.";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const desk = () => document.getElementById("proposal");
  const typed = () => document.getElementById("edit-content");
  const hasTyped = () => Boolean(typed()) && (typed().value !== typed().defaultValue || "kept" in typed().dataset);
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const warn = (text) => agentsite.toast({ text, tone: "warning" });
  let lastDecided = null, openedAt = performance.now();

  /* ---- one thing at a time ---- */
  let going = null; // what was sent about the desk and is not answered: {xhr, isLook, to}
  let turns = 0; // counts what is sent and answered, so that older news is told from newer

  const wait = () => warn(going && !going.isLook ? "Not sent: what you did before is still on its way." : "Not sent: the next one was not there yet.");
  const opens = (path) => (path.includes("edit=1") ? "" : /\/reviews\/([^/?]+)\/(?:\?|$)/.exec(path)?.[1]);

  document.addEventListener("htmx:confirm", (event) => {
    const { target, verb, elt } = event.detail;
    if (target?.id === "claim") claimInTurn(event);
    if (target?.id !== "proposal") return;
    const overtakes = verb === "get" && going?.isLook;
    if (going && !overtakes) {
      event.preventDefault();
      wait();
    } else if (hasTyped() && !elt.closest("#decision") && !confirm("Leave what you typed?")) {
      event.preventDefault();
    } else if (going) going.xhr.abort();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (["proposal", "claim"].includes(event.detail.target?.id)) event.detail.timeout = PATIENCE;
  });
  document.addEventListener("htmx:beforeSend", ({ detail: { target, xhr, requestConfig } }) => {
    if (!["proposal", "claim"].includes(target.id)) return;
    turns += 1;
    xhr.addEventListener("loadend", () => { turns += 1; });
    if (target.id !== "proposal") return;
    const isLook = requestConfig.verb === "get", to = isLook ? opens(requestConfig.path) : "";
    going = { xhr, isLook, to };
    if (to) agentsite.queue.mark(to);
    if (!isLook) setBusy(true);
    xhr.addEventListener("loadend", () => {
      if (going?.xhr !== xhr) return;
      going = null;
      setBusy(false);
      agentsite.queue.mark(desk()?.dataset.id);
    });
  });
  function setBusy(is) {
    desk()?.setAttribute("aria-busy", String(is));
    if (typed()) typed().readOnly = is;
  }
  /* Another form would leave the page before the answer is there. */
  document.addEventListener("submit", (event) => {
    if (!going || going.isLook || event.target.hasAttribute("hx-post")) return;
    event.preventDefault();
    wait();
  }, true);
  addEventListener("beforeunload", (event) => {
    const isSending = going && !going.isLook && going.xhr.readyState !== XMLHttpRequest.DONE;
    if (hasTyped() || isSending) event.preventDefault();
  });

  /* ---- keys ---- */
  /* What was pressed before the desk was as it is now meant what lay there then. */
  const onDesk = (key, work, options) => agentsite.onKey(key, (event) => {
    if (event.repeat) return undefined;
    if (going || event.timeStamp < openedAt) return wait();
    return work(event);
  }, options);
  const press = (name) => {
    const target = one(`#proposal [data-key="${name}"]`);
    if (!target) return false;
    target.click();
  };
  const step = (by) => () => {
    const link = going ? going.to && agentsite.queue.beside(going.to, by) : one(`#proposal [data-step="${by}"]`);
    if (link) link.click();
    else if (going) wait();
    else return false;
  };
  agentsite.onKey("j", step(1));
  agentsite.onKey("k", step(-1));
  for (const key of ["e", "s", "c"]) onDesk(key, () => press(key));

  let acceptedAt = -TWICE;
  const accept = (selector) => (event) => {
    const button = one(selector), before = acceptedAt;
    if (!button) return false;
    acceptedAt = event.timeStamp;
    if (before <= openedAt && event.timeStamp - before < TWICE) warn(TOO_SOON);
    else button.click();
  };
  onDesk("a", accept('#proposal [data-key="a"]'));
  onDesk("mod+Enter", accept("#proposal [data-save]"), { anywhere: true });
  onDesk("u", () => {
    if (!lastDecided?.undo) return false;
    undo(lastDecided);
  });

  const reject = () => one("#proposal .reject");
  onDesk("r", () => {
    if (press("r") === false) return false;
    if (reject()?.open) one(".menu-item", reject()).focus();
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

  /* What is switched off says why instead; a second click of a double one is none. */
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const off = event.target.closest("#proposal [aria-disabled='true']");
    const isSent = going && !going.isLook && event.target.closest("#proposal input, #proposal label");
    const isSecond = event.detail > 1 && event.target.closest("#decision button");
    if (!off && !isSent && !isSecond) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const why = off ? off.title : TOO_SOON;
    if (isSent) wait();
    else if (why) warn(why);
  }, true);
  document.addEventListener("click", (event) => {
    const sheet = event.target instanceof Element && event.target.closest("[data-sheet]");
    if (sheet) sheet.setAttribute("aria-expanded", String(one("#evidence").classList.toggle("is-open")));
  });

  /* ---- what one is at: a hunk, a piece of evidence ---- */
  const walk = (selector, by) => () => {
    const items = all(selector);
    if (!items.length) return false;
    const at = items.findIndex((item) => item.classList.contains("is-current"));
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    for (const item of items) item.classList.toggle("is-current", item === next);
    next.scrollIntoView({ block: "nearest" });
  };
  agentsite.onKey("n", walk("[data-hunk]", 1));
  agentsite.onKey("p", walk("[data-hunk]", -1));
  agentsite.onKey("]", walk("[data-card]", 1));
  agentsite.onKey("[", walk("[data-card]", -1));
  onDesk("o", () => {
    const link = one("[data-card].is-current a.link");
    if (!link) return false;
    link.click();
  });
  onDesk("v", () => {
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

  /* ---- what the buttons say: how many hunks, or why not ---- */
  const sayHunks = () => {
    const ticks = all('#proposal input[name="hunk"]'), words = one("#proposal [data-accept]");
    if (!ticks.length || !words) return "";
    const taken = ticks.filter((tick) => tick.checked).length;
    const { accept: verb, effect } = words.dataset;
    words.textContent = taken === ticks.length ? `${verb} all ${taken} hunks — ${effect}` : `${verb} ${taken} of ${ticks.length} hunks — ${effect}`;
    return taken ? "" : "Tick a hunk at least, or reject the proposal.";
  };
  const sayWhyNot = () => {
    const none = sayHunks();
    const meanwhile = one("#desk-news .title")?.textContent || one("#claim")?.dataset.taken;
    for (const button of all("#foot [data-off]")) {
      const why = meanwhile || button.dataset.off || (button.matches(".accept") ? none : "");
      for (const [name, value] of [["aria-disabled", "true"], ["title", why]]) {
        if (why) button.setAttribute(name, value);
        else button.removeAttribute(name);
      }
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.name === "hunk") sayWhyNot();
  });

  /* ---- a decision: its row goes with the next load, the next one lies there, it can be undone ---- */
  document.body.addEventListener("decided", (event) => {
    const said = event.detail;
    lastDecided = said.undo ? said : null;
    if (said.undo || said.is_back) agentsite.queue.decided(said.id, !said.is_back);
    const action = said.undo ? { label: "Undo", key: "u", run: () => undo(said) } : undefined;
    agentsite.toast({ text: said.text, action });
    news(null);
  });
  function undo(said) {
    htmx.ajax("POST", said.undo, { target: "#proposal", swap: "outerHTML" });
  }

  /* ---- another proposal lies on the desk ---- */
  const arrived = () => {
    openedAt = performance.now();
    claimedAt = one("#claim")?.dataset.holder === "you" ? openedAt : 0;
    agentsite.queue.mark(desk()?.dataset.id);
    for (const selector of ["[data-hunk]", "[data-card]"]) one(selector)?.classList.add("is-current");
    sayWhyNot();
    typed()?.focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt?.id === "proposal" || event.target.id === "proposal") arrived();
  });

  /* The page after a decision without htmx says so itself; with scripts it is a toast. */
  const before = one("[data-just-decided]");
  if (before) {
    lastDecided = { id: before.dataset.justDecided, undo: before.getAttribute("action") };
    history.replaceState(history.state, "", location.href.replace(/([?&])decided=[^&]*&?/, "$1").replace(/[?&]$/, ""));
  }

  /* ---- the claim: taken by working on it, renewed by going on, counted down ---- */
  let claimedAt = 0, claiming = null;
  function claim() {
    const place = one("#claim"), now = performance.now();
    if (!place || place.dataset.holder === "other" || !one("form", place) || claiming || going || document.hidden) return;
    if (now - openedAt < DWELL || (claimedAt && now - claimedAt < RENEW)) return;
    claimedAt = now;
    claiming = claimNow(place.dataset.claim, desk().dataset.id).finally(() => { claiming = null; });
  }
  async function claimNow(address, id) {
    turns += 1;
    // What fails is tried again with what is done a minute from now.
    const answer = await fetch(address, { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token() } }).catch(() => null);
    const html = answer?.ok ? await answer.text() : "";
    turns += 1;
    put(html, id);
  }
  for (const sign of ["keydown", "pointerdown", "wheel", "input"]) document.addEventListener(sign, claim, { passive: true });

  /* Who claims by hand need not be helped, and who lets go means it, as long as it lies there. What is
     asked while a claim is on its way is asked after it, if it is still to be had. */
  function claimInTurn(event) {
    const { elt, path, target } = event.detail;
    if (one(".htmx-request", target)) {
      event.preventDefault();
      return wait();
    }
    claimedAt = target.dataset.holder === "you" ? Infinity : performance.now();
    if (!claiming) return;
    event.preventDefault();
    const id = desk().dataset.id;
    claiming.then(() => {
      const form = all("#claim form").find((each) => each.getAttribute("hx-post") === path);
      if (form && desk().dataset.id === id) form.requestSubmit();
    });
  }

  /* Fresh news of one proposal; what was asked for by hand meanwhile is newer. */
  function put(html, id) {
    if (desk()?.dataset.id !== id) return;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const name of ["claim", "desk-news"]) {
      const fresh = holder.content.getElementById(name), old = document.getElementById(name);
      if (!fresh || !old || fresh.outerHTML === old.outerHTML || one(".htmx-request", old)) continue;
      old.replaceWith(fresh);
      htmx.process(fresh);
    }
    sayWhyNot();
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "claim") sayWhyNot();
  });

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  setInterval(() => {
    for (const place of all("[data-left]")) {
      const left = Math.max(0, place.dataset.left - 1);
      place.dataset.left = left;
      place.textContent = clock(left);
      if (left === 0) news(null);
    }
  }, 1000);

  /* ---- what others do: nothing typed is touched ---- */
  const renewStanding = agentsite.calmly(async () => {
    const here = desk(), id = here?.dataset.id, turn = turns;
    if (!id || !one("#foot #decision")) return; // it was shown as decided from the start
    const address = `${new URL(here.dataset.here, location.href).pathname}standing/`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    const html = answer?.ok ? await answer.text() : "";
    if (turn === turns) put(html, id);
    else renewStanding();
  }, 500);
  function news(id) {
    agentsite.queue.renew();
    if (id === null || id === desk()?.dataset.id) renewStanding();
  }
  arrived();
  const place = document.getElementById("desk");
  if (place && window.EventSource) agentsite.listen(place.dataset.stream, ({ changed }) => news(changed));
})();
