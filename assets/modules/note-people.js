// Who else is at the note, and where their cursors are. Names come from the server.
const COLOURS = 6;

const colour = (user) => `note-colour-${(Number(user.colour) || 0) % COLOURS}`;

export function caret(user) {
  const line = document.createElement("span");
  line.className = `note-caret ${colour(user)}`;
  const name = document.createElement("span");
  name.className = "note-caret-name";
  name.textContent = user.name ?? "";
  line.append(name);
  return line;
}

export function showPeople(awareness, place, words) {
  const show = () => {
    const others = [...awareness.getStates()].filter(([client, state]) => client !== awareness.clientID && state.user?.name);
    const names = [...new Set(others.map(([, state]) => state.user.name))];
    const said = names.length ? `${words.together} ${names.join(", ")}` : words.alone;
    if (place.textContent !== said) place.textContent = said;
  };
  awareness.on("change", show);
  show();
}
