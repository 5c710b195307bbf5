// Elements made of values. Whatever comes from outside becomes a text node, never markup.

export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (text, key, click, props = {}) =>
  make("button", { type: "button", "data-key": key, click, ...props }, text);

export const list = (items, props = {}) => make("ul", props, items.map(item => make("li", {}, item)));

export const tag = (text, kind = "") => make("span", { class: `tag ${kind}` }, text);

const drawn = new Map();

// Draws a part anew if what it shows has changed. What had the focus, and what was open, stays so.
export function draw(id, shown, nodes) {
  const place = document.getElementById(id);
  const said = JSON.stringify(shown);
  if (drawn.get(id) === said) return;
  drawn.set(id, said);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Set([...place.querySelectorAll("details[open]")].map(each => each.dataset.key));
  place.replaceChildren(...nodes());
  for (const each of place.querySelectorAll("details")) each.open = open.has(each.dataset.key);
  if (focused) [...place.querySelectorAll("[data-key]")].find(each => each.dataset.key === focused)?.focus();
}

export function say(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}
