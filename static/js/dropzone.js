/*
 * A form that takes files: dropped, listed, taken back; how far the upload is. Without this it is a plain form.
 *
 * The form says: data-uploads · data-verb ("Import") · data-limit and data-limit-text (bytes of all files, or of each with
 * data-each) · data-most (files) · data-otherwise (what else one can do with too much) · data-only="transcripts" (of a
 * dropped folder) · data-packs (several files, and whatever comes from a folder, go up as one zip; see packing.js).
 */
(() => {
  const MOST = 100; /* files that one form may bring, unless it says otherwise or packs them */
  const kept = [];
  const where = new WeakMap(); /* the path of a file in the folder that was dropped or chosen, the folder included */
  const form = () => document.querySelector("form[data-uploads]");
  const size = (bytes) => {
    for (const unit of ["B", "kB", "MB", "GB"]) {
      if (bytes < 999.5 || unit === "GB") return `${unit === "B" || bytes >= 9.95 ? bytes.toFixed(0) : bytes.toFixed(1)} ${unit}`;
      bytes /= 1000;
    }
  };
  const total = () => kept.reduce((sum, file) => sum + file.size, 0);
  const named = (file) => where.get(file) ?? file.name;
  const put = (input, files) => {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
  };

  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const complain = (why) => {
    const place = document.getElementById("upload-error");
    place.replaceChildren();
    if (!why) return;
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("class", "i");
    sign.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", document.querySelector("[data-drop] use").getAttribute("href").replace("#upload", "#error"));
    sign.append(use);
    place.append(sign, make("span", "", why));
  };

  const row = (file, index) => {
    const line = make("li");
    line.append(make("span", "ell", named(file)), make("span", "num", size(file.size)));
    const off = make("button", "btn btn-icon btn-ghost", "×");
    off.type = "button";
    off.setAttribute("aria-label", `Leave out ${named(file)}`);
    off.addEventListener("click", () => {
      kept.splice(index, 1);
      show();
      form().querySelector(".chosen button, input[type=file]").focus();
    });
    line.append(off);
    return line;
  };

  const show = () => {
    const page = form();
    put(page.querySelector("input[type=file]"), kept);
    const list = page.querySelector("[data-chosen]");
    const files = kept;
    list.hidden = !files.length;
    list.replaceChildren(...files.slice(0, 200).map(row));
    if (files.length > 1) {
      const sum = make("li", "total", files.length > 200 ? `${files.length} files, the first 200 shown` : `${files.length} files`);
      sum.append(make("span", "num", size(total())));
      list.append(sum);
    }
    complain(tooMuch());
    const { verb } = page.dataset;
    page.querySelector("[data-go]").textContent = files.length ? `${verb} ${files.length === 1 ? "1 file" : `${files.length} files`}` : verb;
  };

  /* Why these cannot be sent, or nothing. */
  const tooMuch = () => {
    const { limit, limitText, each, most, otherwise } = form().dataset;
    if (kept.length > Number(most ?? MOST)) return `Those are ${kept.length} files. Choose at most ${most ?? MOST} at once${otherwise ? `, ${otherwise}` : ""}.`;
    const large = each !== undefined && kept.find((file) => file.size > Number(limit));
    if (large) return `${large.name} has ${size(large.size)}, and a file has at most ${limitText}.`;
    if (each === undefined && total() > Number(limit)) return `That is ${size(total())}, and more than ${limitText} at once. Choose fewer${otherwise ? `, ${otherwise}` : ""}.`;
    return "";
  };

  const add = (files) => {
    const key = (file) => `${named(file)}/${file.size}/${file.lastModified}`;
    const known = new Set(kept.map(key));
    for (const file of files) {
      if (file.webkitRelativePath) where.set(file, file.webkitRelativePath);
      if (!known.has(key(file))) kept.push(file);
    }
    show();
  };

  /* Of a dropped folder: what is in it, however deep. */
  const onlyTranscripts = () => form().dataset.only === "transcripts";
  const isTranscript = (name) => /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) && !/\.meta\.json$|^sessions-index\.json$|^journal\.jsonl$/.test(name);
  const filesIn = async (entry, isNamed = true) => {
    if (entry.isFile) {
      if (!isNamed && onlyTranscripts() && !isTranscript(entry.name)) return [];
      const file = await new Promise((done, fail) => entry.file(done, fail));
      if (!isNamed) where.set(file, entry.fullPath.slice(1));
      return [file];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return found;
      for (const each of some) found.push(...await filesIn(each, false));
    }
  };

  const zone = (event) => (event.target instanceof Element ? event.target.closest("[data-drop]") : null);
  document.addEventListener("dragover", (event) => {
    if (!form() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form().querySelector("[data-drop]").classList.add("is-over");
  });
  const leave = () => form()?.querySelector("[data-drop]").classList.remove("is-over");
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) leave(); });
  document.addEventListener("drop", async (event) => {
    if (!form() || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    leave();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...event.dataTransfer.files];
    if (!entries.some((entry) => entry.isDirectory)) return add(files);
    const found = [];
    for (const entry of entries) found.push(...await filesIn(entry));
    add(found);
    if (!found.length) complain(onlyTranscripts() ? "There is no transcript in that folder." : "There is no file in that folder.");
  });
  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && (zone(event) || event.target.matches("[data-folder]"))) add([...event.target.files]);
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-choose-folder]")) form().querySelector("[data-folder]").click();
  });

  /* ---- the upload ---- */
  document.addEventListener("htmx:confirm", async (event) => {
    if (event.target !== form() || form().dataset.packs === undefined || tooMuch()) return;
    if (!kept.some((file) => where.has(file)) && kept.length < 2) return;
    event.preventDefault();
    try {
      put(form().querySelector("input[type=file]"), [await agentsite.pack(kept, named)]);
    } catch (error) {
      return complain(`A file cannot be read: ${error.message}`);
    }
    event.detail.issueRequest(true);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form()) return;
    if (tooMuch()) {
      event.preventDefault();
      return;
    }
    event.target.querySelector("[data-go]").setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    if (event.target !== form() || !event.detail.lengthComputable) return;
    const box = form().querySelector("[data-progress]");
    box.hidden = false;
    box.querySelector("progress").value = event.detail.loaded / event.detail.total;
    box.querySelector("[data-progress-text]").textContent = `${size(event.detail.loaded)} of ${size(event.detail.total)}`;
  });
  document.addEventListener("htmx:afterSwap", () => { if (form() && kept.length) { const why = document.getElementById("upload-error").textContent; show(); if (why) complain(why.trim()); } });
  const failed = (event) => {
    if (event.target !== form()) return;
    form().querySelector("[data-go]").removeAttribute("aria-busy");
    form().querySelector("[data-progress]").hidden = true;
    complain("The upload broke off. The files are still chosen: try again.");
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
})();
