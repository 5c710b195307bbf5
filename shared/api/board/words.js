// Numbers, times and names as people read them.

export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export const last = path => (path ?? "").split("/").pop();

export const short = host => last(host).split(".")[0];

export const keyOf = host => last(host).toLowerCase();

export function clock(at) {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return today ? time : `${then.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short" })} ${time}`;
}

// On an axis there is little room.
export function tick(at) {
  const then = new Date(at);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const today = then.toDateString() === new Date().toDateString();
  return today ? time : `${then.toLocaleDateString([], { weekday: "short" })} ${time}`;
}

export const moment = at => `${clock(at)}:${String(new Date(at).getSeconds()).padStart(2, "0")}`;

export const exact = () => new Date().toLocaleTimeString([], { hourCycle: "h23" });

export function span(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / 60000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

export const since = at => `for ${span(Date.now() - new Date(at))}`;

export function until(at) {
  const left = new Date(at) - Date.now();
  return left > 0 ? `in ${span(left)} (${clock(at)})` : `due since ${clock(at)}`;
}

export function names(all, most = 4) {
  const known = [...new Set(all)];
  const more = known.length - most;
  return more > 0 ? `${known.slice(0, most).join(", ")} and ${more} more` : known.join(", ");
}
