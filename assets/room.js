import { start } from "./modules/room-start.js";
import { waitAtTheDoor } from "./modules/room-socket.js";

const room = document.querySelector("[data-room]");
const door = document.querySelector("[data-door]");
if (room) start(room);
if (door) waitAtTheDoor(door);
