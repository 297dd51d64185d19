import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { importEntities, storeDocs } from "./mutations";
import { countFacets, listEntities } from "./queries";

useOwnDatabase();
let ada: SignedIn;

const component = (name: string, metadata = "", owner = "checkout") =>
  `kind: Component\napiVersion: backstage.io/v1alpha1\nmetadata:\n  name: ${name}\n${metadata}spec:\n  type: service\n  lifecycle: production\n  owner: ${owner}\n`;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  const text = [
    component("ledger-writer"),
    component("ledger", "  description: Books\n"),
    component("billing", "  title: The ledger of invoices\n"),
    component("fraudScore", "  annotations: {pagerduty.com/service-id: PXYZ123}\n"),
    component("order-cart-10", "  tags: [go]\n"),
    component("tax-engine", "  tags: [c++]\n"),
    component("tax-rules", "  tags: [c#]\n"),
    component("metabase", "  description: Writes to the ledger, é wörld\n", "payments-core"),
  ].join("---\n");
  await importEntities(ada, { files: [{ name: "a.yaml", text }] });
});

const names = async (q: string) => (await listEntities(ada, { q })).items.map(({ name }) => name);

describe("a search", () => {
  test("shows the name itself first, then what begins with it, then titles, then the rest", async () => {
    expect(await names("ledger")).toEqual(["ledger", "ledger-writer", "billing", "metabase"]);
  });

  test.each([
    ["parts of a name", "cart 10", "order-cart-10"],
    ["a part behind a hyphen", "cart-10", "order-cart-10"],
    ["a part behind a capital", "score", "fraudScore"],
    ["the middle of a word", "tabas", "metabase"],
    ["an annotation", "pxyz123", "fraudScore"],
    ["a key of an annotation", "pagerduty", "fraudScore"],
    ["a tag", "go", "order-cart-10"],
    ["an owner", "payments-core", "metabase"],
    ["a reference", "component:default/billing", "billing"],
    ["letters beyond ASCII", "WÖRLD", "metabase"],
    ["letters without their marks", "world", "metabase"],
  ])("finds by %s", async (_name, q, found) => {
    expect(await names(q)).toContain(found);
  });

  test("tells languages apart that end in signs", async () => {
    expect([await names("C++"), await names("c#")]).toEqual([["tax-engine"], ["tax-rules"]]);
  });

  test("finds by the texts of documents, also after the entity was imported again", async () => {
    const now = await databaseNow();
    await db().transaction((tx) => storeDocs(tx, "component:default/billing", [{ path: "README.md", text: "# Billing\n\nReconciles at midnight." }], { commit: null, now }));
    expect(await names("reconciles")).toEqual(["billing"]);
    await importEntities(ada, { files: [{ name: "a.yaml", text: component("billing", "  title: Invoices\n") }] });
    expect([await names("midnight"), await names("invoices")]).toEqual([["billing"], ["billing"]]);
    await db().transaction((tx) => storeDocs(tx, "component:default/billing", [], { commit: null, now }));
    expect([await names("midnight"), await names("invoices")]).toEqual([[], ["billing"]]);
  });

  test.each([
    ["a wrong letter", "ledgar", "ledger"],
    ["a missing letter", "ledgr wrter", "ledger writer"],
    ["swapped letters", "bililng", "billing"],
    ["the beginning of a longer word, mistyped", "metba", "metabase"],
  ])("puts %s right and says so, in the list and its facets alike", async (_name, q, corrected) => {
    const [page, wanted, counts] = await Promise.all([listEntities(ada, { q }), listEntities(ada, { q: corrected }), countFacets(ada, { q, facet: "type" })]);
    expect(page.correctedQuery).toBe(corrected);
    expect([page.items, page.total]).toEqual([wanted.items, wanted.total]);
    expect(page.total).toBeGreaterThan(0);
    expect(counts.facets.type).toEqual([{ value: "service", count: page.total }]);
  });

  test("leaves alone what is written as it was typed, and what is near nothing", async () => {
    expect((await listEntities(ada, { q: "ledger" })).correctedQuery).toBeUndefined();
    expect(await listEntities(ada, { q: "qqqzzzxxx" })).toEqual({ items: [], nextCursor: null, total: 0 });
    expect(await listEntities(ada, { q: "%" })).toMatchObject({ total: 0 });
  });

  test("turns its pages without gaps", async () => {
    const first = await listEntities(ada, { q: "ledger", limit: 2 });
    const second = await listEntities(ada, { q: "ledger", limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(await names("ledger"));
    expect([first.total, second.nextCursor]).toEqual([3, null]);
  });
});
