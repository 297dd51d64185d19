import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { drainDirty } from "../drain";
import { addAnnotation, recordDeployments, recordIncidents, removeAnnotation } from "../mutations";
import { getDashboard, listAnnotations } from "../queries";

useOwnDatabase();

let pat: SignedIn;
let ada: SignedIn;
let bo: SignedIn;
const SERVICE = "component:default/shop";
const day = (days: number) => new Date(pat.now.getTime() - days * 86_400_000);
const on = (days: number) => day(days).toISOString().slice(0, 10);

beforeAll(async () => {
  for (const [team, parent] of [["commerce"], ["checkout", "commerce"], ["search"]] as const) await aTeam(team as string, parent);
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  await db().transaction(async (tx) => {
    const fact = { service: SERVICE, environment: "production", tier: "production" as const, status: "success" as const, repository: "a/shop", teamId: "tea_checkout" };
    await recordDeployments(
      tx,
      [
        { ...fact, externalId: "1", commit: "a".repeat(40), startedAt: day(20), finishedAt: day(20), releaseId: "2026.1" },
        { ...fact, externalId: "2", environment: "production-2", commit: "a".repeat(40), startedAt: day(19), finishedAt: day(19), releaseId: "2026.1" },
      ],
      pat.now,
    );
    const incident = { service: SERVICE, source: "api" as const, teamId: "tea_checkout" };
    await recordIncidents(
      tx,
      [
        { ...incident, externalId: "i1", title: "Tills are down", severity: "critical", openedAt: day(10) },
        { ...incident, externalId: "i2", title: "A wrong colour", severity: "low", openedAt: day(9) },
      ],
      pat.now,
    );
    await tx.execute(sql`insert into golden_paths (name, title, description, owner_ref, current_version) values ('node', 'Node', '', 'group:default/platform', '1.1.0')`);
    await tx.execute(sql`insert into golden_path_changes (name, kind, version, at) values ('node', 'published', '1.1.0', ${day(15).toISOString()})`);
    await tx.execute(sql`insert into repositories (id, owner, name, provider, status, clone_url, web_url, team_id, entity_ref, golden_path, golden_path_version, created_at)
      values ('rep_shop000', 'checkout', 'shop', 'waymark', 'ready', '', '', 'tea_checkout', ${SERVICE}, 'node', '1.0.0', ${day(30).toISOString()})`);
    await tx.execute(sql`insert into repository_pull_requests (id, repository_id, number, title, source_branch, target_branch, status, head, base, ended_at, upgrade)
      values ('pul_1', 'rep_shop000', 3, 'Upgrade', 'u', 'main', 'merged', '', '', ${day(12).toISOString()}, '{"goldenPath": "node", "from": "1.0.0", "to": "1.1.0"}')`);
    await tx.execute(
      sql`insert into surveys (id, kind, period, state, opens_at, closes_at) values ('svy_tap', 'one-tap', '2026-11', 'closed', ${day(7).toISOString()}, ${day(1).toISOString()})`,
    );
    await tx.execute(sql`insert into surveys (id, period, state, opens_at, closes_at) values ('svy_1', '2026-11', 'closed', ${day(8).toISOString()}, ${day(1).toISOString()})`);
  });
  await drainDirty();
  for (const [note, group, days] of [
    ["A freeze", "org", 5],
    ["Two teams became one", "group:default/commerce", 4],
    ["A new cluster", "group:default/search", 3],
  ] as const)
    await addAnnotation(pat, { day: on(days), note, group });
});

const marks = async (who: SignedIn, node: string) => (await listAnnotations(who, { node, from: on(60) })).items.map(({ day: at, text }) => `${at} ${text}`);

test("a service has its releases, incidents of every severity, golden path, surveys, and the notes of the groups above it", async () => {
  expect(await marks(ada, SERVICE)).toEqual([
    `${on(4)} Two teams became one`,
    `${on(5)} A freeze`,
    `${on(8)} Survey 2026-11 opened`,
    `${on(9)} Incident of shop: A wrong colour`,
    `${on(10)} Incident of shop: Tills are down`,
    `${on(12)} shop took over node 1.1.0`,
    `${on(15)} Golden path node 1.1.0 was published`,
    `${on(20)} Release 2026.1`,
    `${on(30)} shop was created from the golden path node`,
  ]);
});

test("a group has what is grave or its own; another one has none of it; the page has the same marks", async () => {
  const commerce = await marks(pat, "group:default/commerce");
  expect(commerce).toContain(`${on(10)} Incident of shop: Tills are down`);
  expect(commerce.join()).not.toMatch(/wrong colour|Release 2026|new cluster/);
  expect(await marks(bo, "group:default/search")).toEqual([
    `${on(3)} A new cluster`,
    `${on(5)} A freeze`,
    `${on(8)} Survey 2026-11 opened`,
    `${on(15)} Golden path node 1.1.0 was published`,
  ]);
  expect(await marks(bo, "org")).not.toContain(`${on(3)} A new cluster`);
  const page = (await getDashboard(pat, { node: "group:default/commerce" })).annotations.map(({ day: at, text }) => `${at} ${text}`);
  expect(page).toEqual(commerce);
});

test("notes are the platform team's; the marks of a team are for those who see its figures", async () => {
  expect(await outcome(addAnnotation(ada, { day: on(1), note: "x" }))).toBe("forbidden");
  expect(await outcome(addAnnotation(pat, { day: on(1), note: "x", group: SERVICE }))).toBe("invalid");
  expect(await outcome(addAnnotation(pat, { day: "tomorrow", note: "x" }))).toBe("invalid");
  expect(await outcome(listAnnotations(bo, { node: "group:default/checkout" }))).toBe("forbidden");
  const note = (await listAnnotations(pat, { node: "org" })).items.find((one) => one.kind === "note");
  await removeAnnotation(pat, { id: note?.id ?? "" });
  await removeAnnotation(pat, { id: note?.id ?? "" });
  expect((await marks(pat, "org")).join()).not.toContain("A freeze");
});
