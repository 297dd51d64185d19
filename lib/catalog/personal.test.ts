import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { deleteView, importEntities, registerEntities, saveView, starEntity } from "./mutations";
import { exportEntity, listEntities, listFindings, listStars, listViews } from "./queries";

useOwnDatabase();
let ada: SignedIn;
let bo: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", {}));
  const now = await databaseNow();
  const entity = (name: string, owner: string) =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}}\nspec: {type: service, lifecycle: production, owner: ${owner}}\n`;
  const text = [entity("Beta", "a"), entity("alpha", "c"), entity("gamma", "b"), entity("delta", "b")].join("---\n");
  await db().transaction((tx) => registerEntities(tx, { text, file: "catalog-info.yaml", source: { type: "upload", label: "test" }, registeredBy: null, by: null, now }));
});

const key = (name: string) => ({ kind: "component", namespace: "default", name });

test("a star is a person's own, whatever is repeated", async () => {
  for (const starred of [true, true]) await starEntity(ada, { ...key("alpha"), starred });
  await starEntity(bo, { ...key("gamma"), starred: true });
  expect((await listStars(ada, {})).items).toEqual(["component:default/alpha"]);
  expect((await listEntities(ada, { scope: "starred" })).items.map(({ name }) => name)).toEqual(["alpha"]);
  expect(await outcome(starEntity(ada, { ...key("nothing"), starred: true }))).toBe("not_found");
  await starEntity(ada, { ...key("alpha"), starred: false });
  expect((await listStars(ada, {})).items).toEqual([]);
});

test("a view keeps the filters that the catalog knows, once per name, and nobody else sees it", async () => {
  const view = await saveView(ada, { name: " My services ", query: "kind=component&evil=1&cursor=x&sort=-updated" });
  expect(view).toMatchObject({ name: "My services", query: "kind=component&sort=-updated" });
  await saveView(ada, { name: "my SERVICES", query: "kind=api" });
  expect((await listViews(ada, {})).items.map(({ name, query }) => [name, query])).toEqual([["my SERVICES", "kind=api"]]);
  const [kept] = (await listViews(ada, {})).items;
  expect(await outcome(deleteView(bo, { id: kept?.id ?? "" }))).toBe("not_found");
  expect((await listViews(bo, {})).total).toBe(0);
  await deleteView(ada, { id: kept?.id ?? "" });
  expect((await listViews(ada, {})).total).toBe(0);
});

test.each(["name", "-name", "owner", "-owner", "kind", "-kind", "lifecycle", "-updated", "updated"] as const)("pages in the order of %s hold each entity once", async (sort) => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEntities(ada, { sort, limit: 1, ...(cursor ? { cursor } : {}) });
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect([...seen].sort()).toEqual(["Beta", "alpha", "delta", "gamma"]);
  if (sort === "name") expect(seen).toEqual(["alpha", "Beta", "delta", "gamma"]);
  if (sort === "-owner") expect(seen).toEqual(["alpha", "gamma", "delta", "Beta"]);
});

test("an order that is asked for counts more than how well a text fits", async () => {
  expect((await listEntities(ada, { q: "a", sort: "-name" })).items.map(({ name }) => name)).toEqual(["gamma", "delta", "Beta", "alpha"]);
});

test("an export read again changes nothing, whatever the texts look like", async () => {
  const texts = ["yes", "0x1f", "1e3", "null", " leading", "a: b", "# no comment", "two\nlines\n", "2026-01-01", "é ✓", "'\""];
  const definition = {
    apiVersion: "backstage.io/v1alpha1",
    kind: "Component",
    metadata: { name: "odd", annotations: Object.fromEntries(texts.map((text, index) => [`x/${index}`, text])) },
    spec: { type: "service", lifecycle: "production", owner: "checkout", extra: { deep: [1, "1", true, "true", null, 1.5] } },
  };
  await importEntities(ada, { files: [{ name: "odd.yaml", text: JSON.stringify(definition) }] });
  const { yaml } = await exportEntity(ada, key("odd"));
  const { accepted, refused } = await importEntities(ada, { files: [{ name: "again.yaml", text: yaml }] });
  expect([accepted.map(({ change }) => change), refused]).toEqual([["unchanged"], []]);
});

test("the teams of a manager are those they answer for", async () => {
  await aTeam("commerce");
  await aTeam("search", "commerce");
  const [manager, engineer] = [await aPerson("max", { role: "manager", teams: { commerce: "member" } }), await aPerson("eve", { teams: { commerce: "member" } })];
  const text = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: indexer}\nspec: {type: service, lifecycle: production, owner: search, dependsOn: [component:nowhere]}\n`;
  const now = await databaseNow();
  await db().transaction((tx) => registerEntities(tx, { text, file: "x.yaml", source: { type: "upload", label: "search" }, registeredBy: null, by: null, now }));
  const mine = async (id: string) => (await listEntities(await signedIn(id), { scope: "team" })).items.map(({ name }) => name);
  expect([await mine(manager), await mine(engineer)]).toEqual([["indexer"], []]);
  const findings = async (id: string) => (await listFindings(await signedIn(id), { scope: "team" })).items.length;
  expect([(await findings(manager)) > 0, await findings(engineer)]).toEqual([true, 0]);
});
