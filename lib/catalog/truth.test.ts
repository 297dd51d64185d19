import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { settings } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { confirmEntity, importEntities, saveEntity } from "./mutations";
import { checkEntities, getEntityHead } from "./queries";

// What keeps the catalog true: what people wrote asks to be confirmed, a check tells what would change, foreign kinds are only shown.

useOwnDatabase();
let ada: SignedIn;
let bo: SignedIn;
const CART = { kind: "component", namespace: "default", name: "cart" };
const cart = (lifecycle = "production") =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: cart}\nspec: {type: service, lifecycle: ${lifecycle}, owner: group:checkout}\n`;
const importing = (text: string) => importEntities(ada, { files: [{ name: "catalog-info.yaml", text }] });
const since = async () => (await getEntityHead(ada, CART)).unconfirmedSince;
const age = (days: number) => db().execute(sql`update entities set updated_at = now() - ${`${days} days`}::interval where ref = 'component:default/cart'`);

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
  bo = await signedIn(await aPerson("bo", {}));
});
beforeEach(async () => {
  await db().execute(sql`delete from entities`);
  await importing(cart());
});

test("what nobody changed for half a year asks to be confirmed, and holds again once its owner says so", async () => {
  await age(179);
  expect(await since()).toBeNull();
  await age(181);
  expect(await since()).toMatch(/^\d{4}-/);
  expect(await outcome(confirmEntity(bo, CART))).toBe("forbidden");
  await confirmEntity(ada, CART);
  expect(await since()).toBeNull();
});

test("a change begins anew, the same text again does not", async () => {
  await age(400);
  await importing(cart());
  expect(await since()).not.toBeNull();
  await importing(cart("deprecated"));
  expect(await since()).toBeNull();
});

test("how long it holds is a setting", async () => {
  await age(20);
  await db().insert(settings).values({ key: "catalog.confirmAfterDays", value: 10 });
  expect(await since()).not.toBeNull();
});

test("a check says which values an update changes, and nothing of what stays or is new", async () => {
  const { accepted } = await checkEntities(ada, { files: [{ name: "a.yaml", text: `${cart("deprecated")}---\n${cart().replace("name: cart", "name: cart-two")}` }] });
  expect(accepted).toEqual([
    { entityRef: "component:default/cart", file: "a.yaml", line: 1, change: "updated", changes: [{ path: "spec.lifecycle", from: "production", to: "deprecated" }] },
    { entityRef: "component:default/cart-two", file: "a.yaml", line: 6, change: "created" },
  ]);
  const same = await checkEntities(ada, { files: [{ name: "a.yaml", text: cart() }] });
  expect(same.accepted).toEqual([{ entityRef: "component:default/cart", file: "a.yaml", line: 1, change: "unchanged" }]);
});

test("a kind of one's own is taken from files, and written nowhere else", async () => {
  const machine = (place: string) => `apiVersion: acme.example/v1\nkind: Machine\nmetadata: {name: press}\nspec: {place: ${place}}\n`;
  expect((await importing(machine("hall 1"))).accepted[0]?.change).toBe("created");
  const key = { kind: "machine", namespace: "default", name: "press" };
  expect(await outcome(saveEntity(ada, { ...key, yaml: machine("hall 2") }))).toBe("conflict");
  expect(await outcome(saveEntity(ada, { ...key, name: "other", yaml: machine("hall 2").replace("press", "other") }))).toBe("conflict");
  expect((await importing(machine("hall 2"))).accepted[0]?.change).toBe("updated");
});
