import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { endingConnections } from "@/lib/identity/queries";
import { notify } from "./notify";

/** A second notice, when the first was not followed. */
const URGENT_DAYS = 7;

/** Tells platform admins of a connection whose token ends soon: afterwards nobody who leaves the company would be taken out. */
export async function warnEndingConnections(): Promise<void> {
  const ending = await endingConnections(db());
  if (ending.length === 0) return;
  const admins = await db()
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt)));
  for (const { id, name, tokenId, daysLeft } of ending) {
    await notify(
      db(),
      admins.map((admin) => admin.id),
      {
        kind: "provisioning-token-ending",
        title: `The token of the provisioning connection ${name} ends in ${daysLeft} ${daysLeft === 1 ? "day" : "days"}`,
        body: "Make a new one and enter it at the identity provider. After the end nobody who leaves the company is taken out of Waymark.",
        href: `/admin/provisioning/${id}`,
        dedupeKey: `provisioning-token-ending:${tokenId}:${daysLeft < URGENT_DAYS ? "urgent" : "soon"}`,
      },
    );
  }
}
