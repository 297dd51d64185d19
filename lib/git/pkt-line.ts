import { isPushableRef, SHA, ZERO_SHA } from "./names";

// A push begins with its list of wishes in pkt-lines (gitprotocol-pack): "<old> <new> <ref>", the first with what the client
// understands behind a NUL, ended by a flush. Only after it comes the pack, which may be large and is never kept here.

const MAX_COMMANDS_BYTES = 256 * 1024;

export interface PushCommand {
  ref: string;
  before: string | null;
  after: string | null;
}

export interface PushHead {
  commands: PushCommand[];
  capabilities: Set<string>;
  /** Everything that was read, to be handed to git. */
  bytes: Buffer;
}

/** A push that breaks the protocol or asks for something that is not served here; the message is for the person who pushes. */
export class BadPush extends Error {}

/** Reads the list of wishes from the beginning of a push and leaves the rest unread. Throws BadPush. */
export async function readPushHead(body: AsyncIterator<Buffer>): Promise<PushHead> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const head = parsePushHead(bytes);
    if (head) return { ...head, bytes };
    if (bytes.length > MAX_COMMANDS_BYTES) throw new BadPush("More branches and tags at once than can be taken. Push fewer.");
    const { done, value } = await body.next();
    if (done) throw new BadPush("The push ended before it said what it is about.");
    bytes = Buffer.concat([bytes, value]);
  }
}

/** The list of wishes if all of it is there, else null. Throws BadPush. */
export function parsePushHead(bytes: Buffer): Omit<PushHead, "bytes"> | null {
  const lines: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const digits = bytes.toString("latin1", at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw new BadPush("This is not a push in git's smart protocol.");
    const length = Number.parseInt(digits, 16);
    if (length === 0) return commandsOf(lines);
    if (length < 4) throw new BadPush("This is not a push in git's smart protocol.");
    if (at + length > bytes.length) return null;
    lines.push(bytes.toString("utf8", at + 4, at + length));
    at += length;
  }
  return null;
}

function commandsOf(lines: string[]): Omit<PushHead, "bytes"> {
  const wishes = lines.filter((line) => !line.startsWith("shallow "));
  const capabilities = new Set((wishes[0]?.split("\0")[1] ?? "").trim().split(" "));
  return { commands: wishes.map(commandOf), capabilities };
}

function commandOf(line: string): PushCommand {
  const text = (line.split("\0")[0] ?? "").replace(/\n$/, "");
  const [before = "", after = ""] = [text.slice(0, 40), text.slice(41, 81)];
  if (!SHA.test(before) || !SHA.test(after)) throw new BadPush("Signed pushes and object ids other than SHA-1 are not supported.");
  return { ref: text.slice(82), before: before === ZERO_SHA ? null : before, after: after === ZERO_SHA ? null : after };
}

/** Why the wishes are refused as a whole, or null. */
export function refusalOf(commands: PushCommand[]): string | null {
  const strange = commands.find((command) => !isPushableRef(command.ref));
  return strange ? `only branches and tags with plain names can be pushed, not ${strange.ref.slice(0, 80)}` : null;
}

const line = (content: Buffer) => Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, "0")), content]);
const FLUSH = Buffer.from("0000");

/** Git's own way to say no: every wish is answered with the reason, and the person sees it behind `remote rejected`. */
export function rejection({ commands, capabilities }: Omit<PushHead, "bytes">, reason: string): Buffer {
  const report = Buffer.concat([line(Buffer.from("unpack ok\n")), ...commands.map(({ ref }) => line(Buffer.from(`ng ${ref} ${reason}\n`))), FLUSH]);
  if (!capabilities.has("side-band-64k")) return report;
  return Buffer.concat([line(Buffer.concat([Buffer.from([1]), report])), FLUSH]);
}
