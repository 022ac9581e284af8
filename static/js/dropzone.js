/* The import form: files dropped, listed, taken back; how far the upload is. Without this it is a plain form. */
(() => {
  const kept = new DataTransfer();
  const form = () => document.getElementById("import-form");
  const size = (bytes) => {
    for (const unit of ["B", "kB", "MB", "GB"]) {
      if (bytes < 999.5 || unit === "GB") return `${unit === "B" || bytes >= 9.95 ? bytes.toFixed(0) : bytes.toFixed(1)} ${unit}`;
      bytes /= 1000;
    }
  };
  const total = () => [...kept.files].reduce((sum, file) => sum + file.size, 0);

  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const complain = (why) => {
    const place = document.getElementById("import-error");
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
    line.append(make("span", "ell", file.name), make("span", "num", size(file.size)));
    const off = make("button", "btn btn-icon btn-ghost", "×");
    off.type = "button";
    off.setAttribute("aria-label", `Leave out ${file.name}`);
    off.addEventListener("click", () => {
      kept.items.remove(index);
      show();
      form().querySelector(".chosen button, input[type=file]").focus();
    });
    line.append(off);
    return line;
  };

  const show = () => {
    const page = form();
    page.querySelector("input[type=file]").files = kept.files;
    const list = page.querySelector("[data-chosen]");
    const files = [...kept.files];
    list.hidden = !files.length;
    list.replaceChildren(...files.slice(0, 200).map(row));
    if (files.length > 1) {
      const sum = make("li", "total", files.length > 200 ? `${files.length} files, the first 200 shown` : `${files.length} files`);
      sum.append(make("span", "num", size(total())));
      list.append(sum);
    }
    const limit = Number(page.dataset.limit);
    complain(total() > limit ? `That is ${size(total())}, and more than ${page.dataset.limitText} at once. Choose fewer, or import from a terminal.` : "");
    page.querySelector("[data-go-import]").textContent =
      files.length ? `Import ${files.length === 1 ? "1 file" : `${files.length} files`}` : "Import";
  };

  const add = (files) => {
    const known = new Set([...kept.files].map((file) => `${file.name}/${file.size}/${file.lastModified}`));
    for (const file of files) {
      if (!known.has(`${file.name}/${file.size}/${file.lastModified}`)) kept.items.add(file);
    }
    show();
  };

  /* Of a dropped folder: the transcripts in it, however deep. */
  const isTranscript = (name) => /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) && !/\.meta\.json$|^sessions-index\.json$|^journal\.jsonl$/.test(name);
  const filesIn = async (entry, named = true) => {
    if (entry.isFile) {
      return named || isTranscript(entry.name) ? [await new Promise((done, fail) => entry.file(done, fail))] : [];
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
    if (!found.length) complain("There is no transcript in that folder.");
  });
  document.addEventListener("change", (event) => {
    if (zone(event) && event.target.type === "file") add([...event.target.files]);
  });

  /* ---- the upload ---- */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "import-form") return;
    if (total() > Number(event.target.dataset.limit)) {
      event.preventDefault();
      return;
    }
    event.target.querySelector("[data-go-import]").setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    if (event.target.id !== "import-form" || !event.detail.lengthComputable) return;
    const box = form().querySelector("[data-progress]");
    box.hidden = false;
    box.querySelector("progress").value = event.detail.loaded / event.detail.total;
    box.querySelector("[data-progress-text]").textContent = `${size(event.detail.loaded)} of ${size(event.detail.total)}`;
  });
  document.addEventListener("htmx:afterSwap", () => { if (form() && kept.files.length) { const why = document.getElementById("import-error").textContent; show(); if (why) complain(why.trim()); } });
  const failed = (event) => {
    if (event.target.id !== "import-form") return;
    form().querySelector("[data-go-import]").removeAttribute("aria-busy");
    form().querySelector("[data-progress]").hidden = true;
    complain("The upload broke off. The files are still chosen: try again.");
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
})();
