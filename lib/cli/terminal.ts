// Whatever a server sent may try to drive the terminal. Dropped before printing: strings for the terminal (title, clipboard,
// links) up to their end or the end of the line, control sequences, other escapes, control characters, and marks that reorder text.
const ESCAPES = [
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/,
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/,
  /\u001b[ -/]*[0-~]?/,
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
];
const UNSAFE = new RegExp(ESCAPES.map((part) => part.source).join("|"), "g");
/** What JSON leaves as it is although a terminal may act on it. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text that is safe to print, whoever wrote it. Line breaks and tabs stay. */
export function clean(text: string): string {
  return text.replace(UNSAFE, "");
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return clean(text.replace(/[\r\n]+/g, " ")).trim();
}

/** What the command is asked for. */
export function print(text: string): void {
  process.stdout.write(`${clean(text)}\n`);
}

/** The answer for programs: one line of JSON. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value).replace(UNSAFE_IN_JSON, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  process.stdout.write(`${text}\n`);
}

/** True if a person watches standard error. */
export const isWatched = () => Boolean(process.stderr.isTTY) && process.env.TERM !== "dumb";

/** What goes with it: progress, hints, failures. Takes the place of a line that is being kept up to date. */
export function tell(text: string): void {
  process.stderr.write(`${isWatched() ? "\r\u001b[K" : ""}${clean(text)}\n`);
}

/** True if there is a person to ask. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);

const COLOURS = { dim: 2, green: 32, red: 31, yellow: 33 } as const;

/** The text, cleaned, in a colour where standard error shows colours. */
export function paint(colour: keyof typeof COLOURS, text: string): string {
  const safe = cleanLine(text);
  return isWatched() && !process.env.NO_COLOR ? `\u001b[${COLOURS[colour]}m${safe}\u001b[0m` : safe;
}

/** How this program was started, for hints that can be pasted. */
export function self(): string {
  if (process.env.npm_lifecycle_event === "waymark") return "npm run --silent waymark --";
  return process.env.npm_command === "exec" ? "npx waymark" : "waymark";
}
