/* Keeps relative times true and puts the exact time, in the reader's own zone, on hover. */
window.agentsite = window.agentsite || {};

(() => {
  const MINUTE = 60, HOUR = 3600, DAY = 86400;

  /* The same words as the filter `ago`. */
  agentsite.ago = (moment, now = new Date()) => {
    let seconds = (now - moment) / 1000;
    if (seconds > -1 && seconds < MINUTE) return "now";
    const prefix = seconds < 0 ? "in " : "";
    seconds = Math.abs(seconds);
    if (seconds < HOUR) return `${prefix}${Math.max(1, Math.floor(seconds / MINUTE))} min`;
    if (seconds < DAY) return `${prefix}${Math.floor(seconds / HOUR)} h`;
    if (seconds < 2 * DAY) {
      const hours = Math.floor((seconds % DAY) / HOUR);
      return `${prefix}1 d${hours ? ` ${hours} h` : ""}`;
    }
    if (seconds < 7 * DAY) return `${prefix}${Math.floor(seconds / DAY)} d`;
    const month = moment.toLocaleString("en-GB", { month: "short" }).slice(0, 3);
    return `${moment.getDate()} ${month}${moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`}`;
  };

  const exact = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });

  const refresh = (root) => {
    for (const element of root.querySelectorAll("time[data-ago]")) {
      const moment = new Date(element.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      const words = agentsite.ago(moment);
      if (element.textContent !== words) element.textContent = words;
      if (!element.dataset.zoned) {
        element.title = exact.format(moment);
        element.dataset.zoned = "1";
      }
    }
  };

  refresh(document);
  setInterval(() => { if (!document.hidden) refresh(document); }, 30000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(document); });
  document.addEventListener("htmx:load", (event) => refresh(event.target.parentNode || document));
})();
