// <time data-ago datetime="…"> says how long ago it was. The server writes the first words, this keeps them true;
// workbench/web/ui/moments.py has the same steps.

const STEPS = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"]];

const words = (seconds) => {
  if (seconds < 5) return "just now";
  for (const [below, unit, name] of STEPS) if (seconds < below) return `${Math.floor(seconds / unit)} ${name} ago`;
  const days = Math.floor(seconds / 86400);
  return days > 30 ? "" : days === 1 ? "yesterday" : `${days} days ago`;
};

const update = () => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = words((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (text && time.textContent !== text) time.textContent = text;
  }
};

setInterval(update, 10_000);
document.addEventListener("visibilitychange", update);
