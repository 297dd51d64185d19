import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { DisableInput, SetRoleInput } from "./contract";
import { endAccess, endSessions } from "./end-access";
import { requireFreshSignIn } from "./fresh-sign-in";
import { isLastAdmin } from "./last-admin";
import { requireHandManaged } from "./scim/managed";

async function personById(on: Connection, id: string) {
  const row = await on.query.users.findFirst({ where: eq(users.id, id) });
  if (!row) throw new DomainError("not_found", "There is no such person.");
  return { userId: id, person: row };
}

const target = (person: { id: string; handle: string }) => ({ type: "user", id: person.id, label: person.handle });
const LAST_ADMIN = "This is the last platform admin. Make somebody else platform admin first.";

export const setRole = mutation({
  name: "user.set-role",
  summary: "Give a person a role by hand; group claims no longer change it.",
  input: SetRoleInput,
  subject: (on, input) => personById(on, input.id),
  run: async (tx, input, ctx, { person }) => {
    await requireFreshSignIn(tx, ctx);
    if (person.role === "platform-admin" && input.role !== "platform-admin" && (await isLastAdmin(tx, person.id))) throw new DomainError("conflict", LAST_ADMIN);
    await tx.update(users).set({ role: input.role, roleSource: "manual" }).where(eq(users.id, person.id));
    // A new role begins with a new sign-in, so that no old session carries it unnoticed.
    if (person.role !== input.role) await endSessions(tx, [person.id], ctx.now);
    return { id: person.id, from: person.role, to: input.role };
  },
  audit: (_input, result, { person }) => ({ target: target(person), detail: { from: result.from, to: result.to } }),
});

export const disablePerson = mutation({
  name: "user.disable",
  summary: "Keep a person out (sessions and tokens end at once), or let them in again.",
  input: DisableInput,
  subject: (on, input) => personById(on, input.id),
  run: async (tx, input, ctx, { person }) => {
    await requireHandManaged(tx, person, input.disabled);
    if (input.disabled && person.role === "platform-admin" && (await isLastAdmin(tx, person.id))) throw new DomainError("conflict", LAST_ADMIN);
    await tx
      .update(users)
      .set(input.disabled ? { disabledAt: ctx.now, disabledBy: "manual" } : { disabledAt: null, disabledBy: null })
      .where(eq(users.id, person.id));
    if (input.disabled) await endAccess(tx, person.id, ctx.now);
    return { id: person.id, disabled: input.disabled };
  },
  audit: (_input, result, { person }) => ({ target: target(person), detail: { disabled: result.disabled } }),
});
