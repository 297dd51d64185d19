import { DomainError } from "./errors";

/** Place in a list that is sorted by time and id. */
export interface Cursor {
  at: Date;
  id: string;
}

/** The cursor as opaque text for addresses. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.at.getTime(), cursor.id])).toString("base64url");
}

/** Throws DomainError("invalid") for a text that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  try {
    const [ms, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    if (typeof ms !== "number" || typeof id !== "string") throw new Error("wrong shape");
    const at = new Date(ms);
    if (Number.isNaN(at.getTime())) throw new Error("wrong time");
    return { at, id };
  } catch (cause) {
    throw new DomainError("invalid", "The cursor is not one of ours. Start again without it.", {
      cause,
      fields: [{ path: "cursor", message: "Leave it out to start from the first page." }],
    });
  }
}
