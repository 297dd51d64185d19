import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { notifications, scimTokens } from "@/db/schema";
import { createTokenOnHost } from "@/lib/identity/host";
import { rotateConnectionToken } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, signedIn } from "@/tests/setup/people";
import { aConnection } from "@/tests/setup/scim-client";
import { warnEndingConnections } from "./provisioning-notices";

useOwnDatabase();

test("platform admins are told when a connection's last token ends soon, once a month before and once a week before, and not after it was replaced", async () => {
  const pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await aPerson("ada");
  const { connectionId } = await aConnection(pat, "Okta");
  await createTokenOnHost({ who: "pat", scopes: ["scim"], ttlMinutes: 60 });
  const told = async () => {
    await warnEndingConnections();
    return (await db().select().from(notifications).orderBy(notifications.id)).map((row) => row.title);
  };
  const endsIn = (days: number) =>
    db()
      .update(scimTokens)
      .set({ expiresAt: sql`now() + ${days} * interval '1 day' + interval '1 hour'`, createdAt: sql`now() - interval '300 days'` })
      .where(eq(scimTokens.connectionId, connectionId));
  expect(await told()).toEqual([]);
  await endsIn(29);
  const first = "The token of the provisioning connection Okta ends in 29 days";
  expect(await told()).toEqual([first]);
  await endsIn(20);
  expect(await told()).toEqual([first]);
  await endsIn(1);
  expect(await told()).toEqual([first, "The token of the provisioning connection Okta ends in 1 day"]);
  await rotateConnectionToken(pat, { id: connectionId });
  expect(await told()).toHaveLength(2);
  const [row] = await db().select().from(notifications);
  expect(row).toMatchObject({ userId: pat.actor.id, href: `/admin/provisioning/${connectionId}` });
});
