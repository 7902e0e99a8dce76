// A shared note: the editor (tiptap) on a Yjs document that the websocket keeps the same for everybody.
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { TaskItem, TaskList } from "@tiptap/extension-list";
import { TableKit } from "@tiptap/extension-table";
import { StarterKit } from "@tiptap/starter-kit";
import * as Y from "yjs";
import { caret, showPeople } from "./note-people.js";
import { connect } from "./note-socket.js";
import { enhanceTools } from "./note-tools.js";

const SAFE = /^(https?:|mailto:|tel:)/i;

function extensions(doc, awareness, words) {
  return [
    StarterKit.configure({
      undoRedo: false,
      heading: { levels: [1, 2, 3] },
      link: { openOnClick: false, protocols: ["mailto", "tel"], isAllowedUri: (address) => SAFE.test(address) },
    }),
    TaskList,
    TaskItem.configure({ nested: true, a11y: { checkboxLabel: (node) => node.textContent || words.task } }),
    TableKit.configure({ table: { resizable: false } }),
    Collaboration.configure({ document: doc }),
    CollaborationCaret.configure({ provider: { awareness }, render: caret, selectionRender: () => ({ class: "note-selection" }) }),
  ];
}

export function openNote(place) {
  const doc = new Y.Doc();
  const tools = place.querySelector("[data-note-tools]");
  const words = tools.dataset;
  const page = place.querySelector("[data-note-editor]");
  const link = connect(place.dataset.note, doc, { words, state: place.querySelector("[data-note-state]") });
  link.onFirst(() => {
    page.hidden = tools.hidden = place.querySelector("[data-note-foot]").hidden = false;
    place.querySelector("[data-note-read]").hidden = true;
    const editor = new Editor({
      element: page,
      extensions: extensions(doc, link.awareness, words),
      injectCSS: false,
      editorProps: { attributes: { id: "note-editor", role: "textbox", "aria-multiline": "true", "aria-label": place.dataset.label } },
    });
    enhanceTools(tools, editor);
    link.onClosed(() => editor.setEditable(false));
  });
  showPeople(link.awareness, place.querySelector("[data-note-people]"), words);
}
