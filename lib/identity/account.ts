import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { memberships, teams, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import type { Account } from "./contract";
import { ownAccount } from "./own-account";
import { managersOf } from "./scim/managed";

export const getAccount = query({
  name: "account.read",
  summary: "Your account: identity, role and teams, and where each comes from.",
  input: z.strictObject({}),
  subject: (_on, _input, ctx) => ownAccount(ctx),
  run: async (on, _input, _ctx, { userId }): Promise<Account> => {
    const [user] = await on
      .select()
      .from(users)
      .where(eq(users.id, userId ?? ""));
    if (!user) throw new DomainError("unauthenticated", "Sign in first.");
    const memberOf = await on
      .select({ name: teams.name, title: teams.title, membership: memberships.membership, source: memberships.source })
      .from(memberships)
      .innerJoin(teams, eq(teams.id, memberships.teamId))
      .where(eq(memberships.userId, user.id))
      .orderBy(asc(teams.title));
    const managedBy = (await managersOf(on, [user.id])).get(user.id) ?? null;
    const { handle, name, email, issuer, subject, role, roleSource, lastSignInAt } = user;
    return { handle, name, email, issuer, subject, role, roleSource, lastSignInAt: lastSignInAt?.toISOString() ?? null, managedBy, teams: memberOf };
  },
});
