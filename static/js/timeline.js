/* The lanes over the list: one per thread, time from left to right, idle time compressed. Drawn from
   timeline.json, which is small however long the session is. SVG without a viewBox: places in
   percent, so that it stretches sideways and nothing else does. */
window.agentsite = window.agentsite || {};

(() => {
  const root = document.getElementById("session");
  const map = document.getElementById("map");
  const plot = document.getElementById("map-plot");
  if (!root || !map || !plot) return;

  const LANE = 20;
  const [USER, AGENT, TOOL, MODEL, THREAD, MEMORY, GRADE, STATUS, ERROR] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const HEIGHT = { [USER]: 16, [AGENT]: 12, [TOOL]: 7, [MODEL]: 3, [MEMORY]: 10, [GRADE]: 15 };
  const ORDER = [GRADE, USER, AGENT, MEMORY, TOOL, MODEL]; // the tall ones behind
  const WORDS = { [USER]: ["user message", "user messages"], [AGENT]: ["message", "messages"], [TOOL]: ["tool event", "tool events"], [MODEL]: ["model event", "model events"], [THREAD]: ["thread message", "thread messages"], [MEMORY]: ["memory event", "memory events"], [GRADE]: ["grading", "gradings"], [STATUS]: ["status", "statuses"], [ERROR]: ["error", "errors"] };
  const KINDS = { messages: [USER, AGENT], tools: [TOOL], model: [MODEL], threads: [THREAD], memory: [MEMORY], grades: [GRADE], status: [STATUS], errors: [ERROR] };
  const LONGEST_GAP = 6, ALL_GAPS = 36; // percent of the width
  let data, pieces, row, total, width = 0, types = [], thread = "", here = null, svg, axis;

  /* ---- time to place ---- */

  function lay() {
    total = Math.max(1, ...data.marks.map((mark) => mark[3]));
    const gaps = data.gaps.map(([from, to]) => ({ from, to, size: Math.min(LONGEST_GAP, .9 + 1.15 * Math.log2((to - from) / 30000 + 1)) }));
    const idle = gaps.reduce((sum, gap) => sum + gap.size, 0);
    if (idle > ALL_GAPS) for (const gap of gaps) gap.size *= ALL_GAPS / idle;
    const runs = [];
    let at = 0;
    for (const gap of gaps) {
      runs.push({ from: at, to: gap.from });
      at = gap.to;
    }
    runs.push({ from: at, to: total });
    const busy = runs.reduce((sum, run) => sum + run.to - run.from, 0) || 1;
    const room = 100 - Math.min(idle, ALL_GAPS);
    const least = Math.min(1.2, room / runs.length / 3);
    const spare = room - least * runs.length;
    let x = 0;
    pieces = [];
    runs.forEach((run, index) => {
      const size = least + spare * (run.to - run.from) / busy;
      pieces.push({ ...run, x, size, gap: false });
      x += size;
      if (gaps[index]) {
        pieces.push({ ...gaps[index], x, gap: true });
        x += gaps[index].size;
      }
    });
  }

  const place = (time) => {
    let low = 0, high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pieces[middle].to < time) low = middle + 1;
      else high = middle;
    }
    const piece = pieces[low];
    const span = piece.to - piece.from;
    return piece.x + piece.size * (span ? Math.min(1, Math.max(0, (time - piece.from) / span)) : 0);
  };
  const timeAt = (percent) => {
    const piece = pieces.find((each) => percent <= each.x + each.size) || pieces[pieces.length - 1];
    return piece.from + (piece.to - piece.from) * (piece.size ? Math.max(0, percent - piece.x) / piece.size : 0);
  };

  const clock = (time) => {
    if (!data.timed) return `event ${Math.round(time / 1000) + 1}`;
    const seconds = Math.floor(time / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
    const two = (value) => String(value).padStart(2, "0");
    return hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  };
  const span = (time) => {
    const seconds = Math.round(time / 1000);
    for (const [unit, name, small, rest] of [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]]) {
      if (seconds >= unit) {
        const left = Math.floor(seconds % unit / small);
        return `${Math.floor(seconds / unit)} ${name}${left ? ` ${left} ${rest}` : ""}`;
      }
    }
    return `${seconds} s`;
  };

  /* ---- drawing ---- */

  const shown = (kinds, failing) => !types.length || types.some((type) => (type === "errors" ? failing : KINDS[type]?.includes(kinds)));
  const dim = (lane, kind, failing) => (shown(kind, failing) && (!thread || row.thread === undefined || row.thread === lane) ? "" : " is-dimmed");
  const middle = (lane) => row[lane] * LANE + LANE / 2;
  const n = (value) => Math.round(value * 1000) / 1000;

  /* Neighbours of one kind that would touch are one mark. */
  function merged() {
    const found = [], last = new Map();
    const pixel = 100 / Math.max(1, width);
    for (const [lane, kind, start, end, first, final, count, errors, firstError] of [...data.marks].sort((a, b) => a[2] - b[2])) {
      if (row[lane] === undefined) continue;
      const x = place(start), size = Math.max(place(end) - x, 2 * pixel);
      const name = `${lane} ${kind}`;
      const before = last.get(name);
      if (before && x - (before.x + before.size) < pixel) {
        before.size = Math.max(before.size, x + size - before.x);
        before.count += count;
        before.errors += errors;
        before.end = Math.max(before.end, end);
        before.last = Math.max(before.last, final);
        if (firstError) before.failed.push([firstError, end]);
      } else {
        const mark = { lane, kind, x, size, start, end, first, last: final, count, errors, failed: firstError ? [[firstError, end]] : [] };
        last.set(name, mark);
        found.push(mark);
      }
    }
    return found;
  }

  let marks = [];
  function draw() {
    width = plot.clientWidth;
    if (!width) return;
    const height = plot.clientHeight;
    marks = merged();
    const out = [];
    const lanes = Object.values(row).filter((each) => typeof each === "number");
    const rows = Number(plot.dataset.rows) + (data.folded ? 1 : 0);
    out.push(`<defs><pattern id="map-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="gap-ground" width="5" height="5"/><path class="gap-line" d="M0 0V5"/></pattern></defs>`);
    for (let each = 0; each < rows && lanes.length; each += 1) out.push(`<line class="lane${thread && each === row[row.thread] ? " is-here" : ""}" x1="0" x2="100%" y1="${each * LANE + LANE / 2}" y2="${each * LANE + LANE / 2}"/>`);
    const gaps = pieces.filter((piece) => piece.gap);
    for (const gap of gaps) out.push(`<rect class="gap" x="${n(gap.x)}%" width="${n(gap.size)}%" y="0" height="${height}"/>`);
    const bars = Object.fromEntries(ORDER.map((kind) => [kind, []]));
    for (const mark of marks) {
      const tall = HEIGHT[mark.kind];
      if (!tall) continue;
      const inset = mark.kind === MEMORY || mark.kind === GRADE ? .75 : 0;
      const wide = mark.size / 100 * width;
      const size = wide - 2 * inset < 2 ? `width="${inset ? 3 : 2}"` : inset ? `width="${n(wide - 2 * inset)}"` : `width="${n(mark.size)}%"`;
      // Moments far apart that were folded into one mark look as thin as they are.
      const thick = mark.kind === USER || mark.kind === AGENT ? Math.min(1, mark.count * 2.5 / Math.max(1, wide)) : 1;
      const faint = thick < .85 ? ` opacity="${n(Math.max(.16, thick))}"` : "";
      bars[mark.kind].push(`<rect${faint} class="m${mark.kind}${dim(mark.lane, mark.kind, mark.errors > 0)}" x="${n(mark.x)}%" ${size} y="${middle(mark.lane) - tall / 2 + inset}" height="${tall - 2 * inset}"/>`);
    }
    for (const kind of ORDER) out.push(...bars[kind]);
    const stems = new Map(); // messages of one thread that would touch share a line
    for (const [time, source, target] of data.links) {
      if (row[source] === undefined || row[target] === undefined || row[source] === row[target]) continue;
      const down = row[target] > row[source];
      const stem = `${down ? source : target} ${down}`;
      let x = place(time);
      if (stems.has(stem) && (x - stems.get(stem)) / 100 * width < 6) x = stems.get(stem);
      stems.set(stem, x);
      const from = middle(source), to = middle(target) + (down ? -6 : 6), head = down ? -4 : 4;
      out.push(`<svg x="${n(x)}%" overflow="visible" class="link${dim(source, THREAD, false)}"><path class="link-line${down ? "" : " is-report"}" d="M0 ${from}V${to}"/><path class="link-line link-head" d="M-3.2 ${to + head}L0 ${to}L3.2 ${to + head}"/></svg>`);
    }
    for (const gap of gaps) {
      const tall = Math.min(height, plot.parentElement.clientHeight - 24); // what is in sight
      if (gap.size / 100 * width < 12 || tall < 44) continue;
      const words = `${tall > 96 ? "idle " : ""}${span(gap.to - gap.from)}`;
      if (words.length * 5.2 + 8 > tall) continue;
      out.push(`<svg x="${n(gap.x + gap.size / 2)}%" overflow="visible"><text class="gap-label" transform="translate(0 ${tall / 2}) rotate(-90)">${words}</text></svg>`);
    }
    for (const mark of marks) {
      if (!mark.errors) continue;
      let beside = -100;
      for (const [, time] of mark.failed.length ? mark.failed : [[0, mark.end]]) {
        const x = place(time);
        if ((x - beside) / 100 * width < 9) continue;
        beside = x;
        const y = middle(mark.lane);
        out.push(`<svg x="${n(x)}%" overflow="visible"><path class="m9${dim(mark.lane, mark.kind, true)}" d="M0 ${y - 6.5}L6.5 ${y + 5.5}H-6.5Z"/></svg>`);
      }
    }
    out.push(`<svg id="map-playhead" overflow="visible" x="0%"><line class="playhead" y1="-4" y2="${height}"/><path class="playhead-handle" d="M-5.5 -4H5.5L0 2.5Z"/></svg>`);
    svg.setAttribute("height", height);
    svg.innerHTML = out.join("");
    drawAxis();
    point();
  }

  function drawAxis() {
    const labels = [];
    const room = data.timed ? 60 : 74;
    const add = (time, anchor, firm) => {
      const x = place(time) / 100 * width;
      const [low, high] = anchor === "start" ? [x, x + room] : anchor === "end" ? [x - room, x] : [x - room / 2, x + room / 2];
      if (low < 0 || high > width + 1) return;
      if (labels.some((label) => low < label.high && high > label.low)) return;
      labels.push({ time, x, low, high, anchor, firm });
    };
    add(0, "start", true);
    if (clock(total) !== clock(0)) add(total, "end", true);
    const steps = data.timed ? [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];
    for (const piece of pieces.filter((each) => !each.gap)) {
      const pixels = piece.size / 100 * width;
      add(piece.from, "middle");
      const step = (steps.find((each) => each * 1000 / (piece.to - piece.from) * pixels >= 110) || 0) * 1000;
      const start = data.timed ? Math.ceil(piece.from / step) * step : Math.ceil((piece.from + 1000) / step) * step - 1000;
      for (let time = start; step && time <= piece.to; time += step) add(time, "middle");
    }
    axis.innerHTML = labels.map((label) => `<text class="axis-label" x="${n(label.x / width * 100)}%" y="10" text-anchor="${label.anchor}">${clock(label.time)}</text>`).join("") + `<svg id="map-here" overflow="visible" x="0%"></svg>`;
  }

  function point() {
    const head = document.getElementById("map-playhead"), label = document.getElementById("map-here");
    if (!head || !label) return;
    const x = here ? place(here.time) : 0;
    head.setAttribute("x", `${n(x)}%`);
    head.setAttribute("visibility", here ? "visible" : "hidden");
    label.setAttribute("visibility", here ? "visible" : "hidden");
    if (!here) return;
    const words = clock(here.time), wide = words.length * 6.6 + 10;
    const shift = Math.max(wide / 2 - x / 100 * width, Math.min(0, width - wide / 2 - x / 100 * width));
    for (const each of axis.querySelectorAll(".axis-label")) {
      const box = each.getBBox(), centre = x / 100 * width + shift;
      each.setAttribute("visibility", box.x < centre + wide / 2 + 4 && box.x + box.width > centre - wide / 2 - 4 ? "hidden" : "visible");
    }
    label.setAttribute("x", `${n(x)}%`);
    label.innerHTML = `<rect class="axis-here" x="${n(shift - wide / 2)}" y="2" width="${n(wide)}" height="16" rx="3"/><text class="axis-here-label" x="${n(shift)}" y="10.5">${words}</text>`;
    plot.setAttribute("aria-valuenow", String(here.sequence));
    plot.setAttribute("aria-valuetext", here.text || words);
  }

  /* ---- pointer and keys ---- */

  function under(event) {
    const box = plot.getBoundingClientRect();
    const percent = Math.min(100, Math.max(0, (event.clientX - box.left) / box.width * 100));
    const level = Math.floor((event.clientY - box.top) / LANE);
    let best = null, nearest = 8 / box.width * 100;
    for (const mark of marks) {
      if (row[mark.lane] !== level || mark.kind === STATUS) continue;
      const away = Math.max(mark.x - percent, percent - mark.x - mark.size, 0);
      const weight = away - (mark.errors ? 1e-6 : 0) - (mark.kind === MODEL ? 0 : 5e-7);
      if (weight < nearest) {
        nearest = weight;
        best = mark;
      }
    }
    return { percent, time: timeAt(percent), mark: best };
  }

  function sequenceAt({ time, mark }) {
    if (mark) {
      const failing = mark.failed.find(([, at]) => Math.abs(place(at) - place(time)) / 100 * width < 7);
      if (failing) return failing[0];
      const share = mark.end > mark.start ? Math.min(1, Math.max(0, (time - mark.start) / (mark.end - mark.start))) : 0;
      return mark.count < 3 ? mark.first : Math.round(mark.first + share * (mark.last - mark.first));
    }
    let best = null;
    for (const each of data.marks) {
      if (thread && row.thread !== undefined && each[0] !== row.thread) continue;
      if (each[2] <= time && (!best || each[2] > best[2] || (each[2] === best[2] && each[4] > best[4]))) best = each;
    }
    if (!best) return data.marks.length ? Math.min(...data.marks.map((each) => each[4])) : 1;
    const share = best[3] > best[2] ? Math.min(1, (time - best[2]) / (best[3] - best[2])) : 0;
    return Math.round(best[4] + share * (best[5] - best[4]));
  }

  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");

  function hint(event) {
    const found = under(event);
    const gap = pieces.find((piece) => piece.gap && found.percent > piece.x && found.percent < piece.x + piece.size);
    const mark = found.mark;
    if (!mark && !gap) {
      tip.hidden = true;
      return;
    }
    const name = mark && data.lanes.find((lane) => lane[0] === mark.lane)?.[2];
    const bold = document.createElement("b"), more = document.createElement("span");
    bold.textContent = mark ? clock(mark.start) : `idle ${span(gap.to - gap.from)}`;
    const said = [];
    if (mark) {
      said.push(name, `${mark.count} ${WORDS[mark.kind][mark.count === 1 ? 0 : 1]}`);
      if (data.timed && mark.end - mark.start >= 1000) said.push(span(mark.end - mark.start));
      if (mark.errors) said.push(`${mark.errors} failed`);
    }
    more.textContent = said.length ? ` · ${said.join(" · ")}` : "";
    tip.replaceChildren(bold, more);
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.min(innerWidth - box.width - 8, Math.max(8, event.clientX - box.width / 2));
    const top = event.clientY > box.height + 24 ? event.clientY - box.height - 12 : event.clientY + 18;
    tip.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
  }

  const say = (name, detail) => root.dispatchEvent(new CustomEvent(`session:${name}`, { detail }));
  let dragging = false;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !data) return;
    dragging = true;
    plot.setPointerCapture(event.pointerId);
    move(event);
  });
  function move(event) {
    const found = under(event);
    here = { time: found.time, sequence: sequenceAt(found) };
    point();
  }
  plot.addEventListener("pointermove", (event) => {
    if (!data) return;
    if (dragging) {
      tip.hidden = true;
      move(event);
    } else if (event.pointerType === "mouse") hint(event);
  });
  plot.addEventListener("pointerup", (event) => {
    if (!dragging) return;
    dragging = false;
    say("seek", { sequence: sequenceAt(under(event)) });
  });
  plot.addEventListener("pointercancel", () => { dragging = false; });
  plot.addEventListener("pointerleave", () => { tip.hidden = true; });
  plot.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by) say("step", { by, failure: event.shiftKey });
    else if (event.key === "Home") say("seek", { sequence: 1 });
    else if (event.key === "End") say("seek", { sequence: data.events });
    else if (event.key === "PageUp" || event.key === "PageDown") say("seek", { sequence: Math.min(data.events, Math.max(1, (here?.sequence || 1) + (event.key === "PageUp" ? -1 : 1) * Math.max(10, Math.round(data.events / 20)))) });
    else return;
    event.preventDefault();
  });

  /* ---- what the list says ---- */

  function beside() {
    for (const name of map.querySelectorAll(".map-name")) name.classList.toggle("is-beside", Boolean(here) && here.lane !== null && name.dataset.lane === String(here.lane));
  }
  root.addEventListener("session:selected", (event) => {
    const { sequence, offset, lane, text } = event.detail;
    here = { time: offset ?? (sequence - 1) * 1000, sequence, text, lane };
    beside();
    if (data) point();
  });
  root.addEventListener("session:narrowed", (event) => {
    ({ types, thread } = event.detail);
    for (const name of map.querySelectorAll(".map-name[data-thread]")) {
      if (name.dataset.thread === thread) name.setAttribute("aria-current", "true");
      else name.removeAttribute("aria-current");
    }
    if (!data) return;
    row.thread = data.lanes.find((lane) => lane[1] === thread)?.[0];
    draw();
  });

  async function read() {
    const answer = await fetch(map.dataset.url).catch(() => null);
    if (!answer?.ok) return false;
    data = await answer.json();
    row = {};
    const folded = map.dataset.archived.split(" ").filter(Boolean).map(Number);
    data.folded = folded.length > 0;
    [...map.querySelectorAll(".map-name[data-lane]")].forEach((name, at) => { row[name.dataset.lane] = at; });
    for (const lane of folded) row[lane] = Number(plot.dataset.rows);
    Object.defineProperty(row, "thread", { value: data.lanes.find((lane) => lane[1] === thread)?.[0], writable: true, enumerable: false });
    lay();
    return true;
  }

  async function begin() {
    if (!await read()) return;
    const ns = "http://www.w3.org/2000/svg";
    svg = document.createElementNS(ns, "svg");
    svg.setAttribute("aria-hidden", "true");
    axis = document.createElementNS(ns, "svg");
    axis.setAttribute("aria-hidden", "true");
    plot.replaceChildren(svg);
    document.getElementById("map-axis").replaceChildren(axis);
    document.body.append(tip);
    plot.tabIndex = 0;
    for (const [name, value] of Object.entries({ role: "slider", "aria-label": "Timeline", "aria-valuemin": 1, "aria-valuemax": Math.max(1, data.events), "aria-valuenow": here?.sequence || 1, "aria-valuetext": here?.text || "beginning" })) plot.setAttribute(name, value);
    new ResizeObserver(() => { if (plot.clientWidth !== width) draw(); }).observe(plot);
    draw();
  }

  /* The session went on. */
  root.addEventListener("session:grown", async () => {
    if (!svg || dragging || !await read()) return;
    plot.setAttribute("aria-valuemax", Math.max(1, data.events));
    draw();
    beside();
  });
  begin();
})();
