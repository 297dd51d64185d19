import { and, asc, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { auditEvents, users } from "@/db/schema";
import { signInProvider } from "@/lib/core/auth/provider";
import { query } from "@/lib/core/operation";
import type { NoTeam } from "./contract";
import { ownAccount } from "./own-account";
import { groupsNow, managingOf } from "./scim/managed";

const SHOWN_ADMINS = 3;
const SHOWN_GROUPS = 50;
const LastSignIn = z.object({ groupsClaim: z.string(), groups: z.array(z.string()).nullable(), groupCount: z.number().nullable() });

/** The pushed groups of a person, where these count. */
async function shownGroups(on: Connection, userId: string): Promise<Pick<NoTeam, "groups" | "groupCount" | "pushedBy"> | null> {
  const groups = await groupsNow(on, userId);
  const managing = groups && (await managingOf(on, userId));
  return managing ? { groups: groups.slice(0, SHOWN_GROUPS), groupCount: groups.length, pushedBy: managing.connection } : null;
}

export const readNoTeam = query({
  name: "account.read",
  summary: "Which groups your last sign-in carried, and who can put you into a team.",
  input: z.strictObject({}),
  subject: (_on, _input, ctx) => ownAccount(ctx),
  run: async (on, _input, _ctx, { userId }): Promise<NoTeam> => {
    const [[event], admins] = await Promise.all([
      on
        .select({ detail: auditEvents.detail })
        .from(auditEvents)
        .where(and(eq(auditEvents.name, "session.begin"), eq(auditEvents.actorId, userId ?? "")))
        .orderBy(desc(auditEvents.seq))
        .limit(1),
      on
        .select({ name: users.name, email: users.email })
        .from(users)
        .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt), eq(users.issuer, signInProvider().identityIssuer)))
        .orderBy(asc(users.name))
        .limit(SHOWN_ADMINS),
    ]);
    const pushed = await shownGroups(on, userId ?? "");
    if (pushed) return { groupsClaim: signInProvider().groupsClaim, ...pushed, admins };
    const seen = LastSignIn.safeParse(event?.detail);
    return { pushedBy: null, ...(seen.success ? seen.data : { groupsClaim: signInProvider().groupsClaim, groups: null, groupCount: null }), admins };
  },
});
