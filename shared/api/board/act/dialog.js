// The one dialog: what it says, and where the focus goes when it closes. The browser keeps the focus inside.

import { button, make } from "./make.js";

const dialog = document.getElementById("dialog");
let from = null;

// Whether this is what the dialog shows: what was asked of the app meanwhile may come too late.
export const isShown = form => dialog.open && dialog.contains(form);

// `press`: {text, grave, act, back}; act may throw, and what it throws is told in the dialog. It closes the dialog,
// unless act answers true: then it shows something else already. `back`: {text, act}, another way on.
export function ask(title, content, press = null) {
  const problem = make("p", { class: "bad", role: "alert" });
  const close = button(press ? "Don't" : "Close", "close", () => dialog.close());
  const form = make("form", { submit: event => event.preventDefault() },
    make("h2", { id: "dialog-title", tabindex: "-1" }, title), content, problem);
  const row = make("div", { class: "press" }, close);
  if (press) {
    const go = make("button", { type: "submit", class: press.grave ? "grave" : "main" }, press.text);
    form.addEventListener("submit", async () => {
      go.disabled = true;
      problem.textContent = "";
      try {
        if (await press.act() === true) go.disabled = false;
        else dialog.close();
      } catch (error) {
        problem.textContent = error.message || "The app asks for the key: close this, and give it.";
        go.disabled = false;
        go.focus();
      }
    });
    row.prepend(go, ...(press.back ? [button(press.back.text, "back", press.back.act)] : []));
  }
  form.append(row);
  from ??= document.activeElement?.dataset?.key ?? null;
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  form.querySelector("h2").focus();
  return form;
}

dialog.addEventListener("close", () => {
  const back = [...document.querySelectorAll("[data-key]")].find(each => each.dataset.key === from);
  (back ?? document.getElementById("main")).focus();
  from = null;
});
