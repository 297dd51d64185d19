import { createHmac } from "node:crypto";
import { and, eq, gt, inArray, lt } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { db } from "@/db/client";
import { apiTokens, confirmations } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { writeAudit } from "@/lib/core/audit";
import { limitRate } from "@/lib/core/auth/rate-limit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { derivedKey } from "@/lib/core/secrets";
import { notify } from "@/lib/notifications/notify";
import { CONFIRMATION_MINUTES, type Confirmation } from "./contract";
import { type ConfirmationRow, presentConfirmation } from "./present";

const KEPT_DAYS = 30;
const ASKED_AT_ONCE = 20;
const MINUTE_MS = 60_000;

/** A call that loses something. */
export interface Call {
  tool: string;
  title: string;
  /** All arguments as they were sent. */
  input: Record<string, unknown>;
  /** The same for people, secrets hidden. */
  shown: Record<string, unknown>;
}

interface Bound {
  actor: UserActor;
  tokenId: string;
}

/** Throws forbidden unless a token asks: in the browser, people confirm on the spot. */
function bound({ actor }: Ctx): Bound {
  if (actor.type !== "user" || actor.credential.type !== "token") throw new DomainError("forbidden", "Only an agent with a token asks for a confirmation.");
  return { actor, tokenId: actor.credential.id };
}

/** The same for the same arguments in any order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  );
}

const hashOf = ({ tool, input }: Call): string =>
  createHmac("sha256", derivedKey("confirmation"))
    .update(JSON.stringify([tool, ordered(input)]))
    .digest("hex");

/** Asks the owner of the token, once for the same call. Throws rate_limited. */
export async function askConfirmation(ctx: Ctx, call: Call, effects: string[]): Promise<Confirmation> {
  const { actor, tokenId } = bound(ctx);
  const inputHash = hashOf(call);
  const [known] = await db()
    .select()
    .from(confirmations)
    .where(
      and(
        eq(confirmations.tokenId, tokenId),
        eq(confirmations.inputHash, inputHash),
        inArray(confirmations.status, ["waiting", "confirmed"]),
        gt(confirmations.expiresAt, ctx.now),
      ),
    );
  if (known && JSON.stringify(known.effects) === JSON.stringify(effects)) return presentConfirmation(known, ctx.now);
  await limitRate(`confirmation|${actor.id}`, ASKED_AT_ONCE, CONFIRMATION_MINUTES * 60);
  return db().transaction((tx) => insertConfirmation(tx, ctx, { ...call, inputHash, effects, userId: actor.id, tokenId }));
}

async function insertConfirmation(tx: Tx, ctx: Ctx, asked: Omit<Call, "input"> & Pick<ConfirmationRow, "inputHash" | "effects" | "userId" | "tokenId">): Promise<Confirmation> {
  const { now } = ctx;
  await tx.delete(confirmations).where(and(eq(confirmations.userId, asked.userId), lt(confirmations.createdAt, new Date(now.getTime() - KEPT_DAYS * 1_440 * MINUTE_MS))));
  const [token] = await tx.select({ name: apiTokens.name }).from(apiTokens).where(eq(apiTokens.id, asked.tokenId));
  const { tool, title, shown, inputHash, effects, userId, tokenId } = asked;
  const client = ctx.agent ?? "An agent";
  const [row] = await tx
    .insert(confirmations)
    .values({
      id: newId("confirmation"),
      userId,
      tokenId,
      tokenName: token?.name ?? "token",
      client,
      tool,
      title,
      inputHash,
      shown,
      effects,
      createdAt: now,
      expiresAt: new Date(now.getTime() + CONFIRMATION_MINUTES * MINUTE_MS),
    })
    .returning();
  if (!row) throw new Error("an insert returned no row");
  await notify(tx, [userId], {
    kind: "confirmation-waiting",
    title: `${client} asks: ${title.toLowerCase()}`,
    body: `${effects[0] ?? title} Confirm or refuse within ${CONFIRMATION_MINUTES} minutes.`,
    href: `/confirmations/${row.id}`,
    dedupeKey: row.id,
  });
  await writeAudit(tx, ctx, "confirmation.ask", "done", { target: { type: "confirmation", id: row.id, label: title }, detail: { tool, effects } });
  return presentConfirmation(row, now);
}

const gone = (message: string) => new DomainError("conflict", message, { fields: [{ path: "confirmationId", message }] });

/** Uses a confirmation up, in the transaction of what it allows. Throws conflict unless it is confirmed, in time, unused, and of this very call. */
export async function spendConfirmation(tx: Tx, ctx: Ctx, confirmationId: string, call: Call, effects: string[]): Promise<void> {
  const { tokenId } = bound(ctx);
  const [row] = await tx
    .select()
    .from(confirmations)
    .where(and(eq(confirmations.id, confirmationId), eq(confirmations.tokenId, tokenId)))
    .for("update");
  if (!row) throw gone("There is no such confirmation for this token. Call again without confirmationId to ask for one.");
  if (row.inputHash !== hashOf(call)) throw gone("The confirmation is for another call: repeat exactly the arguments that were confirmed, or ask anew without confirmationId.");
  const { state } = presentConfirmation(row, ctx.now);
  if (state === "waiting") throw gone("Nobody has decided yet. Wait for the person to confirm on the page, then repeat the call.");
  if (state === "refused") throw gone("The person refused. Do not ask for the same again without talking to them.");
  if (state === "used") throw gone("The confirmation was used already. Call again without confirmationId to ask for a new one.");
  if (state === "expired") throw gone("The confirmation has expired. Call again without confirmationId to ask for a new one.");
  if (JSON.stringify(row.effects) !== JSON.stringify(effects)) throw gone("What would be done has changed since it was confirmed. Call again without confirmationId to ask anew.");
  await tx.update(confirmations).set({ status: "used", usedAt: ctx.now }).where(eq(confirmations.id, row.id));
  await writeAudit(tx, ctx, "confirmation.use", "done", { target: { type: "confirmation", id: row.id, label: row.title }, detail: { tool: call.tool } });
}
