import { openNote } from "./modules/note.js";

const place = document.querySelector("[data-note]");
if (place?.hasAttribute("data-write")) openNote(place);
