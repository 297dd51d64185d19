import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, catalogReadings, entities } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { readRun } from "@/lib/runs/read";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { addLocation } from "./mutations";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
const own = useOwnDatabase();
const document =
  "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: read-once\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/checkout\n";
const server = createServer((_request, response) => response.writeHead(200, { "content-type": "text/yaml" }).end(document));
let olga: SignedIn;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await aTeam("checkout");
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it("reading an address brings its entities once, wherever its worker is killed", async () => {
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalog-info.yaml`;
  const { run } = await addLocation({ ...olga, now: await databaseNow() }, { target });
  const id = run?.id ?? "";
  for (const death of ["read:after", "import:before", "import:after"]) {
    expect([death, await workAndDie(own.current().appUrl, id, `wrk_${death}`, death)]).toEqual([death, "SIGKILL"]);
    await forgetWorker(`wrk_${death}`);
  }
  expect(await workAndDie(own.current().appUrl, id, "wrk_last", "")).toBeNull();
  expect(await readRun(db(), id)).toMatchObject({ status: "succeeded" });
  expect(await db().select({ ref: entities.ref }).from(entities)).toEqual([{ ref: "component:default/read-once" }]);
  expect(await db().$count(catalogReadings, eq(catalogReadings.runId, id))).toBe(1);
  expect(await db().$count(auditEvents, eq(auditEvents.targetId, "component:default/read-once"))).toBe(1);
});
