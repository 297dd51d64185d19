import { Problem } from "./problem.js";

const MAX_LENGTH = 280;
const MAX_ID = 2n ** 63n - 1n;

/** The text of a note out of a request body. Throws a Problem that says how to fix it. */
export function parseText(body) {
  const text = typeof body?.text === "string" ? body.text.trim() : "";
  if (text === "") throw new Problem(422, "A note needs a text.", [{ path: "text", message: "Write at least one character." }]);
  if (text.length > MAX_LENGTH) throw new Problem(422, "The note is too long.", [{ path: "text", message: `At most ${MAX_LENGTH} characters; this has ${text.length}.` }]);
  if (text.includes("\0")) throw new Problem(422, "The note cannot be stored.", [{ path: "text", message: "Remove the NUL character." }]);
  return text;
}

/** The id of a note out of an address. Throws a Problem when it cannot be one. */
export function parseId(value) {
  if (/^[1-9]\d{0,18}$/.test(value) && BigInt(value) <= MAX_ID) return value;
  throw new Problem(404, "There is no such note.");
}
