/* What a page hears from the server while it is looked at. A browser has six connections per server
   and a stream holds one, so a page in the background lets go of its own; the first thing that a new
   stream says is how things stand, so nothing is missed by that. */
window.agentsite = window.agentsite || {};

(() => {
  const FIRST = 1000, LONGEST = 60000; // ms until the next try, where the browser does not try by itself

  /* listen(url, hear): `hear` gets every message. Returns a function that ends it for good. */
  agentsite.listen = (url, hear) => {
    let source = null, pause = FIRST, timer = 0, over = false;

    function open() {
      clearTimeout(timer);
      if (source || over || document.hidden) return;
      const mine = source = new EventSource(url);
      mine.addEventListener("open", () => { pause = FIRST; });
      mine.addEventListener("message", (event) => hear(JSON.parse(event.data)));
      mine.addEventListener("error", () => {
        if (mine.readyState !== EventSource.CLOSED || mine !== source) return;
        source = null;
        timer = setTimeout(open, pause);
        pause = Math.min(LONGEST, 2 * pause);
      });
    }
    function close() {
      clearTimeout(timer);
      source?.close();
      source = null;
    }

    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    open();
    return () => {
      over = true;
      close();
    };
  };

  /* calmly(work): call it as often as you like; it runs at once, then not before a pause that is ten
     times as long as it took, and never twice at a time. A machine that slept meanwhile is not made to
     wait for ten times its sleep. */
  const LONGEST_PAUSE = 10000;
  agentsite.calmly = (work, least = 1000) => {
    let busy = false, wanted = false, timer = 0;
    async function run() {
      if (busy || timer) {
        wanted = true;
        return;
      }
      busy = true;
      wanted = false;
      const began = performance.now();
      try {
        await work();
      } finally {
        busy = false;
        timer = setTimeout(() => {
          timer = 0;
          if (wanted) run();
        }, Math.min(LONGEST_PAUSE, Math.max(least, 10 * (performance.now() - began))));
      }
    }
    return run;
  };
})();
