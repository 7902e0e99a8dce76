// The toolbar of a note: one Tab stop, arrow keys inside, each button says whether it is on.
const ACTS = {
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  taskList: (chain) => chain.toggleTaskList(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const STATES = ["heading", "bold", "italic", "bulletList", "orderedList", "taskList", "link"];

function askForLink(editor, words) {
  const before = editor.getAttributes("link").href ?? "https://";
  const address = prompt(words.address, before);
  if (address === null) return;
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!address || address === "https://") chain.unsetLink().run();
  else if (editor.state.selection.empty && before === "https://") {
    chain.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] }).run();
  } else chain.setLink({ href: address }).run();
}

export function enhanceTools(tools, editor) {
  const buttons = [...tools.querySelectorAll("[data-act]")];
  const rove = (chosen) => buttons.forEach((one) => (one.tabIndex = one === chosen ? 0 : -1));
  rove(buttons[0]);
  for (const button of buttons) {
    const act = button.dataset.act;
    button.addEventListener("click", () => {
      if (act === "link") askForLink(editor, tools.dataset);
      else ACTS[act](editor.chain().focus()).run();
    });
  }
  tools.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    event.preventDefault();
    rove(next);
    next.focus();
  });
  editor.on("transaction", () => {
    for (const button of buttons) {
      if (STATES.includes(button.dataset.act)) button.ariaPressed = String(editor.isActive(button.dataset.act));
    }
  });
}
