import type { Ctx } from "../ctx";
import { DomainError } from "../errors";

const MAX_PER_PERSON = 10;
const store = globalThis as typeof globalThis & { __waymarkStreams?: Map<string, number> };

/** Counts an open stream of this person in this process; call the result when it closes. Throws rate_limited at the eleventh. */
export function openStream(ctx: Ctx): () => void {
  store.__waymarkStreams ??= new Map();
  const streams = store.__waymarkStreams;
  const id = ctx.actor.type === "user" ? ctx.actor.id : "anonymous";
  const open = streams.get(id) ?? 0;
  if (open >= MAX_PER_PERSON) throw new DomainError("rate_limited", `You have ${open} live pages open. Close some of them, or reload this one later.`);
  streams.set(id, open + 1);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    const left = (streams.get(id) ?? 1) - 1;
    if (left > 0) streams.set(id, left);
    else streams.delete(id);
  };
}
