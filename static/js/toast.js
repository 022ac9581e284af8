/* One toast at a time, for ten seconds, unless it is being looked at. Also what htmx has to say. */
window.agentsite = window.agentsite || {};

(() => {
  const LASTS = 10000;
  const region = document.getElementById("toasts");
  const queue = [];
  let shown = null;

  const sign = (tone) => {
    const bad = tone === "error" || tone === "warning";
    const href = document.querySelector("svg.i use")?.getAttribute("href")?.replace(/#.*/, "");
    if (!href) return null;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", `i tone-${bad ? "warn" : "good"}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${href}#${bad ? "error" : "check"}`);
    svg.append(use);
    return svg;
  };

  /* toast({text, tone: "success"|"warning"|"error", action: {label, key, run}}) */
  agentsite.toast = (said) => {
    queue.push(said);
    if (shown) leave();
    else next();
  };

  function next() {
    const said = queue.shift();
    if (!said) return;
    const box = document.createElement("div");
    box.className = "toast";
    const text = document.createElement("span");
    text.textContent = said.text;
    const icon = sign(said.tone);
    if (icon) box.append(icon);
    box.append(text);
    let forget = () => {};
    if (said.action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.append(said.action.label);
      if (said.action.key) {
        const cap = document.createElement("kbd");
        cap.textContent = said.action.key.toUpperCase();
        button.append(cap);
        forget = agentsite.onKey(said.action.key, () => button.click());
      }
      button.addEventListener("click", () => { leave(); said.action.run(); });
      box.append(button);
    } else {
      const close = document.createElement("button");
      close.type = "button";
      close.className = "btn btn-ghost";
      close.textContent = "Close";
      close.addEventListener("click", () => leave());
      box.append(close);
    }

    let left = LASTS;
    let since = 0;
    let timer = 0;
    const run = () => { since = performance.now(); clearTimeout(timer); timer = setTimeout(leave, left); };
    const hold = () => { clearTimeout(timer); left -= performance.now() - since; };
    for (const on of ["pointerenter", "focusin"]) box.addEventListener(on, hold);
    for (const on of ["pointerleave", "focusout"]) box.addEventListener(on, run);
    region.replaceChildren(box);
    shown = { box, end: () => { clearTimeout(timer); forget(); } };
    run();
  }

  function leave() {
    if (!shown) return;
    shown.end();
    shown.box.remove();
    shown = null;
    next();
  }

  for (const notice of document.querySelectorAll("[data-notices] > *")) {
    agentsite.toast({ text: notice.textContent.trim(), tone: notice.dataset.tone });
  }
  document.body.addEventListener("toast", (event) => {
    for (const said of event.detail.messages || [event.detail]) agentsite.toast(said);
  });

  /* ---- htmx: a line under the top bar after 300 ms, and a sentence when something fails ---- */
  let busy = 0;
  let late = 0;
  const asked = () => {
    busy += 1;
    if (busy === 1) late = setTimeout(() => document.documentElement.classList.add("is-loading"), 300);
  };
  const answered = () => {
    busy = Math.max(0, busy - 1);
    if (busy) return;
    clearTimeout(late);
    document.documentElement.classList.remove("is-loading");
  };
  document.addEventListener("htmx:beforeSend", asked);
  document.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const text = { 403: "You may not do this, or you were signed out. Reload the page.", 404: "This is not there any more.", 413: "This is too large.", 429: "Too many requests. Wait a moment." }[status];
    agentsite.toast({ text: text || `The server could not answer (${status}). Nothing was changed here.`, tone: "error" });
  });
  for (const failed of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, () => agentsite.toast({ text: "The server cannot be reached. What you see is kept: try again.", tone: "error" }));
  }
})();
