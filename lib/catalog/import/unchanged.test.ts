import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { catalogFindings, entities } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { importEntities } from "../mutations";
import { dropEntity } from "../register";
import { readFiles } from "./plan";

useOwnDatabase();
let pat: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

const component = (name: string, rest = "", kind = "Component") =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: checkout\n${rest}`;
const load = (text: string, name = "a.yaml", more: { name: string; text: string }[] = []) => importEntities(pat, { files: [{ name, text }, ...more] });
const source = { type: "upload" as const, label: "x" };
/** What of the text an import would have to read. */
const read = async (text: string) => (await readFiles(db(), [{ name: "a.yaml", text }], source)).candidates.map((one) => `${one.ref} ${one.line} ${one.read ? "read" : "known"}`);
const marks = async () =>
  (
    await db().execute(
      sql`select ctid::text as place, xmin::text as writer, xmax::text as locker from entities union all select ctid::text, xmin::text, xmax::text from catalog_findings order by 1`,
    )
  ).map((row) => JSON.stringify(row));

describe("an unchanged document", () => {
  test("is known by its text, wherever it stands, and nothing is written or locked", async () => {
    const text = `${component("one")}---\n${component("two", "  dependsOn: [component:one]\n")}`;
    await load(text);
    const before = await marks();
    expect(await read(text)).toEqual(["component:default/one 1 known", "component:default/two 10 known"]);
    expect(await read(`# moved\n---\n${component("one")}\n---\n${component("two", "  dependsOn: []\n")}`)).toEqual([
      "component:default/one 3 known",
      "component:default/two 13 read",
    ]);
    expect((await load(text)).accepted.map(({ change, line }) => `${change} ${line}`)).toEqual(["unchanged 1", "unchanged 10"]);
    expect(await marks()).toEqual(before);
  });

  test("with findings is read again and tells the same ones, without writing them again", async () => {
    const text = component("sloppy", "  dependsOn: [resource:ghost, nowhere]\n");
    const first = await load(text);
    expect(first.findings.map(({ rule }) => rule)).toEqual(["ref-kind", "target-unknown", "target-unknown"]);
    const before = await marks();
    const again = await load(text);
    expect([again.findings, again.accepted[0]?.change]).toEqual([first.findings, "unchanged"]);
    expect(await marks()).toEqual(before);
  });

  test("is read again when something that it names has gone", async () => {
    await load(`${component("base")}---\n${component("above", "  dependsOn: [component:base]\n")}`);
    await db().transaction((tx) => dropEntity(tx, "component:default/base"));
    const above = component("above", "  dependsOn: [component:base]\n");
    expect(await read(above)).toEqual(["component:default/above 1 read"]);
    expect((await load(above)).findings).toMatchObject([{ rule: "target-unknown", line: 9 }]);
    await load(component("base"));
    expect(await read(above)).toEqual(["component:default/above 1 known"]);
    expect((await load(above)).findings).toEqual([]);
  });

  test("is always read where it takes in another file", async () => {
    const text = component("api", "  definition:\n    $text: ./openapi.yaml\n", "API");
    await load(text, "a.yaml", [{ name: "openapi.yaml", text: "openapi: 3.1.0" }]);
    const changed = await load(text, "a.yaml", [{ name: "openapi.yaml", text: "openapi: 3.1.1" }]);
    expect(changed.accepted).toMatchObject([{ entityRef: "api:default/api", change: "updated" }]);
  });

  test("is a change again once another text has replaced it", async () => {
    await load(component("twice"));
    await load(component("twice", "  system: shop\n"));
    expect((await load(component("twice"))).accepted).toMatchObject([{ change: "updated" }]);
    expect(await db().select().from(catalogFindings).where(eq(catalogFindings.entityRef, "component:default/twice"))).toEqual([]);
    expect((await db().select().from(entities).where(eq(entities.ref, "component:default/twice")))[0]?.systemRef).toBeNull();
  });
});
