import "htmx.org";
import "./modules/menus.js";
import "./modules/copy.js";
import "./modules/once.js";
import "./modules/passkeys.js";
import "./modules/select-all.js";
import "./modules/sliders.js";
import { focusErrors } from "./modules/errors.js";
import { countCharacters } from "./modules/count.js";
import { enhancePickers } from "./modules/picker.js";
import { enhanceHours } from "./modules/hours.js";
import { listen } from "./modules/live.js";

document.documentElement.classList.add("js");

function enhance(root) {
  focusErrors(root);
  countCharacters(root);
  enhancePickers(root);
  enhanceHours(root);
  listen();
}

enhance(document);
document.addEventListener("htmx:after:settle", () => enhance(document));
