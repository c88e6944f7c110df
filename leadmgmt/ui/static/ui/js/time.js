// Keeps <time data-ago> and <time data-countdown> true while the page is open, in the words the server used.
const words = document.getElementById("words").dataset;
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function ago(seconds) {
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, length]) => size >= length);
  if (!unit) return words.now;
  return relative.format(Math.sign(seconds) * Math.round(size / unit[1]), unit[0]);
}

const count = (name, value) => words[name].replace("%(count)s", value);

function span(seconds) {
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
  let parts;
  if (days) parts = [["d", days], ["h", hours]];
  else if (hours) parts = [["h", hours], ["min", minutes]];
  else if (minutes) parts = [["min", minutes]];
  else parts = [["s", Math.floor(seconds)]];
  return parts.filter(([, value], i) => value || parts.length === 1).map(([name, value]) => count(name, value)).join(" ");
}

function urgency(left, whole) {
  if (left <= 0) return "over";
  return left <= (whole ? whole / 4 : 3600) ? "soon" : "calm";
}

function tickCountdown(time, now) {
  const due = Date.parse(time.dateTime) / 1000, started = Date.parse(time.dataset.started) / 1000 || null;
  const left = due - now;
  time.dataset.urgency = urgency(left, started && due - started);
  time.querySelector("span").textContent = (left > 0 ? words.left : words.overdue).replace("%(time)s", span(Math.abs(left)));
}

function tick() {
  const now = Date.now() / 1000;
  for (const time of document.querySelectorAll("time[data-ago]")) time.textContent = ago(Date.parse(time.dateTime) / 1000 - now);
  for (const time of document.querySelectorAll("time[data-countdown]")) tickCountdown(time, now);
}

tick();
setInterval(tick, 10000);
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", () => document.hidden || tick());
