// The one way to the app: every address that the board calls, the key, what is known already, and errors in words.

export const CALLS = {
  drains: "GET drains",
  start: "POST drains",
  drainHosts: "GET drains/{id}/hosts",
  availability: "GET drains/{id}/availability",
  history: "GET drains/{id}/history",
  order: "POST drains/{id}/{order}",
  claims: "GET claims",
  hosts: "GET overdue",
  events: "GET events",
  campaigns: "GET campaigns",
  campaign: "GET campaigns/{id}",
  campaignOrder: "POST campaigns/{id}/{order}",
  schedules: "GET schedules",
  run: "POST schedules/{name}/run",
  report: "GET schedules/{name}/report",
  me: "GET me",
};

const BASE = new URL("../", import.meta.url);
const KEY = "avd-drain function key";

// How callers are let in, as the app says in the page: by a "key", or by "entra" and a session of the browser.
export const SIGNS_IN = document.documentElement.dataset.signsIn;

export class KeyNeeded extends Error {}

// What was read last at an address, by its ETag: asked for again, the app sends it only if it is another.
const read = new Map();
const MOST_READ = 500;

export function giveKey(key) {
  read.clear();
  sessionStorage.setItem(KEY, key);
}

export const hasKey = () => sessionStorage.getItem(KEY) !== null;

// Answers the body, with its ETag if it has none in itself. Throws KeyNeeded, or an Error whose message is for people.
export async function call(name, { path = {}, query = {}, body, etag, key } = {}) {
  const [method, template] = CALLS[name].split(" ");
  const url = new URL(template.replace(/\{(\w+)\}/g, (_, part) => encodeURIComponent(path[part])), BASE);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const headers = { Accept: "application/json" };
  if (hasKey()) headers["x-functions-key"] = sessionStorage.getItem(KEY);
  if (etag) headers["If-Match"] = etag;
  if (key) headers["Idempotency-Key"] = key;
  const known = method === "GET" ? read.get(url.href) : undefined;
  if (known) headers["If-None-Match"] = known.etag;
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(url, {
      method, headers, body: body && JSON.stringify(body), cache: "no-store",
      redirect: "manual", signal: AbortSignal.timeout(60000),
    });
  } catch {
    throw new Error("the app does not answer");
  }
  if (answer.status === 401) throw new KeyNeeded();
  if (answer.type === "opaqueredirect") { // where App Service is told to redirect who has no session
    if (SIGNS_IN === "entra") throw new KeyNeeded();
    throw new Error("the app leads elsewhere, and is not followed");
  }
  if (answer.status === 304 && known) return known.body;
  const told = await answer.json().catch(() => null);
  if (answer.ok && told !== null) {
    if (!told.etag && !Array.isArray(told)) told.etag = answer.headers.get("ETag");
    if (method === "GET") remember(url.href, answer.headers.get("ETag"), told);
    return told;
  }
  if (answer.status === 412) {
    throw new Error("Somebody gave an order meanwhile, so nothing was done. Read the board again, then decide.");
  }
  const details = told?.error?.details?.map(each => each.message) ?? [];
  const text = [told?.error?.message ?? `the app answered ${answer.status}`, ...details].join(" · ");
  throw Object.assign(new Error(text), { status: answer.status });
}

function remember(address, etag, body) {
  read.delete(address);
  if (etag) read.set(address, { etag, body });
  if (read.size > MOST_READ) read.delete(read.keys().next().value);
}

// All pages of a list, as far as `most` of them.
export async function all(name, options = {}, most = 5) {
  const found = [];
  const query = { ...options.query };
  for (let page = 0; page < most; page++) {
    const body = await call(name, { ...options, query });
    found.push(...body.value);
    if (!body.nextLink) return { items: found, whole: true };
    query.$skipToken = new URL(body.nextLink).searchParams.get("$skipToken");
  }
  return { items: found, whole: false };
}
