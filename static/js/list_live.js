/* The session list while it is looked at: rows of sessions that go on are kept true, and new sessions
   are offered, not pushed in. */
(() => {
  const place = document.getElementById("new-sessions");
  if (!place || !window.EventSource) return;

  let changed = new Set(), all = false, isNew = false;
  const list = () => document.getElementById("list");
  const shown = () => [...list().querySelectorAll("tr[data-session]")];

  const renew = agentsite.calmly(async () => {
    const asked = list();
    const rows = shown().filter((row) => all || changed.has(row.dataset.session));
    const query = new URLSearchParams(asked.dataset.query);
    query.set("shown", rows.map((row) => row.dataset.session).join(","));
    if (isNew && "newest" in asked.dataset) query.set("newest", asked.dataset.newest);
    changed = new Set();
    all = isNew = false;
    if (!rows.length && !query.has("newest")) return;
    const answer = await fetch(`${asked.dataset.rows}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || asked !== list()) return; // filtered meanwhile, or told again soon
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    for (const row of rows) put(row, holder.content.querySelector(`[data-session="${CSS.escape(row.dataset.session)}"]`));
    if (query.has("newest")) offer(holder.content.getElementById("show-new"));
  }, 500);

  function put(row, fresh) {
    if (!fresh) {
      row.classList.add("is-gone");
      row.title = "This session was deleted";
    } else if (fresh.innerHTML !== row.innerHTML) {
      const focused = row.contains(document.activeElement);
      row.replaceWith(fresh);
      htmx.process(fresh);
      if (focused) fresh.querySelector(".row-link").focus({ preventScroll: true });
    }
  }

  function offer(link) {
    if (!link || place.textContent === link.textContent) return;
    place.replaceChildren(link);
    htmx.process(link);
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "list" || event.detail.elt?.id === "list") place.replaceChildren();
  });

  agentsite.listen(place.dataset.stream, (news) => {
    if (news.changed) news.changed.forEach((each) => changed.add(each));
    else all = true;
    isNew ||= news.new;
    renew();
  });
})();
