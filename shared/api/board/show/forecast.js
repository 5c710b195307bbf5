// When a drain or a campaign is expected to have ended, in words.

import { make } from "./make.js";
import { clock, until } from "./words.js";

export function ends({ expectedEnd: told }) {
  if (!told) return null;
  if (!told.at) return make("p", { class: "soft ends" }, `When it ends is not known: ${told.because}.`);
  return make("p", { class: "ends" }, make("strong", {}, `Expected to end ${until(told.at)}`),
    `, between ${clock(told.earliest)} and ${clock(told.latest)}: `, make("span", { class: "soft" }, `${told.because}.`));
}
