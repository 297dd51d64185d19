import { CATALOG_FILTER_EXISTS, CatalogClient, type QueryEntitiesInitialRequest } from "@backstage/catalog-client";
import { InMemoryCatalogClient } from "@backstage/catalog-client/testUtils";
import { type Entity, stringifyEntityRef } from "@backstage/catalog-model";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { importEntities } from "@/lib/catalog/mutations";
import { createToken } from "@/lib/identity/mutations";
import { CATALOG } from "../setup/backstage-catalog";
import { useOwnDatabase } from "../setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "../setup/people";

// The published client of Backstage, unmodified, against our route handlers; its own in-memory catalog says what is right.

useOwnDatabase();

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Meta = { glob(pattern: string): Record<string, () => Promise<Record<string, Handler>>> };
const modules = (import.meta as unknown as Meta).glob("../../app/api/catalog/**/route.ts");
const BASE = "http://portal.test/api/catalog";

/** Finds the route as Next does: by its folders, fixed names before parameters. */
async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice("/api/catalog/".length).split("/");
  const fits = Object.keys(modules)
    .map((file) => ({ file, parts: file.slice("../../app/api/catalog/".length, -"/route.ts".length).split("/") }))
    .filter(({ parts }) => parts.length === path.length && parts.every((part, index) => part.startsWith("[") || part === path[index]))
    .sort((a, b) => a.parts.filter((part) => part.startsWith("[")).length - b.parts.filter((part) => part.startsWith("[")).length)[0];
  const handler = fits && (await modules[fits.file]?.())?.[request.method];
  if (!fits || !handler) return new Response("no such route", { status: 404 });
  const params = Object.fromEntries(fits.parts.flatMap((part, index) => (part.startsWith("[") ? [[part.slice(1, -1), path[index] ?? ""]] : [])));
  return handler(request, { params: Promise.resolve(params) });
}

let ada: SignedIn;
let token: string;
let real: CatalogClient;
let model: InMemoryCatalogClient;
let all: Entity[];
const as = () => ({ token });

beforeAll(async () => {
  await aTeam("team-a");
  ada = await signedIn(await aPerson("ada", { teams: { "team-a": "owner" } }));
  token = (await createToken(ada, { name: "client", scopes: ["read", "catalog:write"], ttl: "1d" })).token;
  await importEntities(ada, { files: [{ name: "all.yaml", text: CATALOG }] });
  real = new CatalogClient({ discoveryApi: { getBaseUrl: async () => BASE }, fetchApi: { fetch: async (url, init) => answer(new Request(url as string, init)) } });
  all = (await real.getEntities({}, as())).items;
  model = new InMemoryCatalogClient({ entities: all });
});

const refs = (items: (Entity | undefined)[]) => items.map((one) => (one ? stringifyEntityRef(one) : null));
const sorted = (items: (Entity | undefined)[]) => refs(items).sort();

describe("an entity", () => {
  test("is what its document says, with uid, etag, location and relations from both ends", async () => {
    expect(await real.getEntityByRef("component:default/cartservice", as())).toMatchObject({
      apiVersion: "backstage.io/v1alpha1",
      kind: "Component",
      metadata: {
        name: "CartService",
        namespace: "default",
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        etag: expect.any(String),
        annotations: { "backstage.io/managed-by-location": "upload:all.yaml" },
      },
      spec: { lifecycle: "Production", extra: { deep: [{ flag: true, level: 3 }, { level: 4 }], empty: null } },
      relations: [
        { type: "dependsOn", targetRef: "component:default/ledger" },
        { type: "dependsOn", targetRef: "resource:default/cart-db" },
        { type: "hasPart", targetRef: "component:finance/ledger" },
        { type: "ownedBy", targetRef: "group:default/team-a" },
        { type: "partOf", targetRef: "system:default/shop" },
        { type: "providesApi", targetRef: "api:default/cart" },
      ],
    });
  });

  test("is found by name and ref without case, and is undefined where there is none", async () => {
    expect(refs([await real.getEntityByName({ kind: "COMPONENT", namespace: "default", name: "CARTSERVICE" }, as()), await real.getEntityByRef("api:cart", as())])).toEqual([
      "component:default/cartservice",
      "api:default/cart",
    ]);
    expect(await real.getEntityByRef("component:nobody", as())).toBeUndefined();
  });

  test("has an ancestry", async () => {
    expect(await real.getEntityAncestors({ entityRef: "api:default/cart" }, as())).toMatchObject({
      rootEntityRef: "api:default/cart",
      items: [{ entity: { kind: "API" }, parentEntityRefs: [] }],
    });
  });

  test("is given by refs in their order, with gaps, filters and fields", async () => {
    const entityRefs = ["api:default/cart", "component:default/none", "resource:default/cart-db", "component:default/ledger"];
    const requests = [
      { entityRefs },
      { entityRefs, filter: { "spec.type": "service" } },
      { entityRefs, query: { kind: { $in: ["api", "resource"] } } },
      { entityRefs, fields: ["kind", "metadata.name", "metadata.annotations.github.com/project-slug"] },
    ];
    for (const request of requests) expect((await real.getEntitiesByRefs(request, as())).items).toEqual((await model.getEntitiesByRefs(request)).items);
  });
});

const FILTERS: [string, NonNullable<QueryEntitiesInitialRequest["filter"]>][] = [
  ["a kind", { kind: "component" }],
  ["a kind in capitals", { kind: "COMPONENT" }],
  ["several values", { kind: ["api", "resource"] }],
  ["two keys", { kind: "component", "spec.type": "service" }],
  ["a lifecycle in other case", { "spec.lifecycle": "production" }],
  ["any of two", [{ kind: "user" }, { kind: "component", "spec.type": "library" }]],
  ["a namespace", { "metadata.namespace": "finance" }],
  ["a name", { "metadata.name": "cartservice" }],
  ["a tag", { "metadata.tags": "java" }],
  ["a tag as a key", { "metadata.tags.java": CATALOG_FILTER_EXISTS }],
  ["a tag as a key with true", { "metadata.tags.go": "true" }],
  ["a label whose key holds dots", { "metadata.labels.example.com/region": "eu" }],
  ["an annotation", { "metadata.annotations.github.com/project-slug": "acme/cart" }],
  ["an annotation that is there", { "metadata.annotations.example.com/on": CATALOG_FILTER_EXISTS }],
  ["where it is read from", { "metadata.annotations.backstage.io/managed-by-location": "upload:all.yaml", kind: "api" }],
  ["a relation", { "relations.ownedBy": "group:default/team-a" }],
  ["a relation from its other end", { "relations.dependencyof": "component:default/ledger" }],
  ["a relation that is there", { "relations.memberOf": CATALOG_FILTER_EXISTS }],
  ["a number in a list of maps", { "spec.extra.deep.level": "4" }],
  ["a boolean", { "spec.extra.deep.flag": "true" }],
  ["an empty value that is there", { "spec.extra.empty": CATALOG_FILTER_EXISTS }],
  ["a key that leads to a map", { "spec.extra": CATALOG_FILTER_EXISTS }],
  ["a name of a person", { "spec.profile.displayName": "jo ann" }],
  ["a title", { "metadata.title": "shopping cart" }],
  ["nothing that is there", { "spec.nothing": "x" }],
];

const QUERIES: [string, QueryEntitiesInitialRequest["query"]][] = [
  ["a value", { kind: "Component" }],
  ["not", { $not: { kind: "component" } }],
  ["all and any", { $all: [{ kind: "component" }, { $any: [{ "spec.type": "library" }, { "metadata.tags": { $contains: "go" } }] }] }],
  ["absence", { "metadata.title": { $exists: false } }],
  ["in", { "metadata.name": { $in: ["ledger", "shop"] } }],
  ["a beginning", { "metadata.annotations.github.com/project-slug": { $hasPrefix: "ACME/" } }],
  ["not with absent values", { $not: { "spec.lifecycle": "production" } }],
  ["a relation", { relations: { $contains: { type: "ownedBy", targetRef: "group:default/team-a" } } }],
  ["a relation to some", { relations: { $contains: { type: "dependsOn", targetRef: { $in: ["resource:default/cart-db"] } } } }],
];

describe("a list", () => {
  test.each(FILTERS)("filters by %s", async (_name, filter) => {
    const wanted = sorted((await model.getEntities({ filter })).items);
    expect(sorted((await real.getEntities({ filter }, as())).items)).toEqual(wanted);
    const page = await real.queryEntities({ filter, limit: 100 }, as());
    expect([sorted(page.items), page.totalItems]).toEqual([wanted, wanted.length]);
  });

  test.each(QUERIES)("is queried by %s", async (_name, query) => {
    const [page, wanted] = await Promise.all([
      real.queryEntities({ query, limit: 100 } as QueryEntitiesInitialRequest, as()),
      model.queryEntities({ query } as QueryEntitiesInitialRequest),
    ]);
    expect([sorted(page.items), page.totalItems]).toEqual([sorted(wanted.items), wanted.totalItems]);
  });

  test.each([["metadata.name"], ["spec.type"], ["metadata.title"], ["kind"], ["metadata.annotations.github.com/project-slug"]])(
    "is ordered by %s, what lacks it last",
    async (field) => {
      for (const order of ["asc", "desc"] as const) {
        const wanted = refs((await model.getEntities({ order: { field, order } })).items);
        expect(refs((await real.getEntities({ order: { field, order } }, as())).items)).toEqual(wanted);
        expect(refs((await real.queryEntities({ orderFields: { field, order }, limit: 100 }, as())).items)).toEqual(wanted);
      }
    },
  );

  test("is ordered by two fields, cut by offset and limit, and shows wanted fields only", async () => {
    const request = {
      order: [
        { field: "kind", order: "desc" },
        { field: "metadata.name", order: "asc" },
      ],
      offset: 2,
      limit: 4,
      fields: ["kind", "metadata.name", "spec.extra.deep"],
    } as const;
    const wanted = { ...request, order: [...request.order], fields: [...request.fields] };
    expect((await real.getEntities(wanted, as())).items).toEqual((await model.getEntities(wanted)).items);
  });

  test.each([
    ["the field of the order", { fullTextFilter: { term: "CART" }, orderFields: { field: "metadata.name", order: "asc" } }],
    ["a title with signs", { fullTextFilter: { term: "100% cart_", fields: ["metadata.title"] } }],
    ["names and titles", { fullTextFilter: { term: "ledger", fields: ["metadata.name", "metadata.title"] } }],
    ["other fields", { fullTextFilter: { term: "a", fields: ["spec.profile.displayName", "metadata.description"] } }],
    ["part of a tag, with a filter", { filter: { kind: "component" }, fullTextFilter: { term: "av", fields: ["metadata.tags"] } }],
  ] as [string, QueryEntitiesInitialRequest][])("is searched in %s", async (_name, request) => {
    const [page, wanted] = await Promise.all([real.queryEntities({ ...request, limit: 100 }, as()), model.queryEntities(request)]);
    expect([sorted(page.items), page.totalItems]).toEqual([sorted(wanted.items), wanted.totalItems]);
    expect(page.totalItems).toBeGreaterThan(0);
  });

  test.each([
    ["without an order", {}],
    ["in an order", { orderFields: { field: "metadata.name", order: "desc" } }],
    ["of a query", { query: { kind: { $in: ["component", "api", "user"] } } }],
  ] as [string, QueryEntitiesInitialRequest][])("%s turns its pages forth and back by cursor", async (_name, request) => {
    const whole = refs((await real.queryEntities({ ...request, limit: 100 }, as())).items);
    const seen: (string | null)[][] = [];
    let page = await real.queryEntities({ ...request, limit: 2 }, as());
    expect(page.pageInfo.prevCursor).toBeUndefined();
    for (;;) {
      seen.push(refs(page.items));
      expect(page.totalItems).toBe(whole.length);
      if (!page.pageInfo.nextCursor) break;
      page = await real.queryEntities({ cursor: page.pageInfo.nextCursor, limit: 2 }, as());
    }
    expect(seen.flat()).toEqual(whole);
    for (let index = seen.length - 2; index >= 0; index--) {
      page = await real.queryEntities({ cursor: page.pageInfo.prevCursor ?? "", limit: 2 }, as());
      expect(refs(page.items)).toEqual(seen[index]);
    }
  });

  test("back from a page there is nothing of that page, whatever the limit", async () => {
    const first = await real.queryEntities({ orderFields: { field: "metadata.name", order: "asc" }, limit: 3 }, as());
    const second = await real.queryEntities({ cursor: first.pageInfo.nextCursor ?? "", limit: 5 }, as());
    expect(refs((await real.queryEntities({ cursor: second.pageInfo.prevCursor ?? "", limit: 5 }, as())).items)).toEqual(refs(first.items));
  });

  test("counts only, and streams everything", async () => {
    expect(await real.queryEntities({ limit: 0 }, as())).toMatchObject({ items: [], totalItems: all.length });
    const streamed: Entity[] = [];
    for await (const part of real.streamEntities({ pageSize: 4 }, as())) streamed.push(...part);
    expect(streamed).toEqual(all);
  });
});

describe("facets", () => {
  test.each([
    [["kind", "spec.type", "metadata.namespace"], undefined],
    [["metadata.tags", "relations.ownedBy", "relations.hasPart"], { kind: ["component", "system"] }],
    [["metadata.labels.tier", "spec.extra.deep.level", "spec.none"], undefined],
  ])("of %s count as Backstage counts", async (facets, filter) => {
    const order = ({ facets: found }: { facets: Record<string, { value: string; count: number }[]> }) =>
      Object.fromEntries(Object.entries(found).map(([name, counts]) => [name, [...counts].sort((a, b) => (a.value < b.value ? -1 : 1))]));
    expect(order(await real.getEntityFacets({ facets, ...(filter ? { filter } : {}) }, as()))).toEqual(
      order(await model.getEntityFacets({ facets, ...(filter ? { filter } : {}) })),
    );
    const query = { kind: { $in: ["component", "api"] } };
    expect(order(await real.getEntityFacets({ facets, query }, as()))).toEqual(order(await model.getEntityFacets({ facets, query })));
  });
});

describe("locations", () => {
  test("are added, listed, found by id, ref and query, and removed", async () => {
    const target = "https://example.com/a/catalog-info.yaml";
    const { location } = await real.addLocation({ target }, as());
    await real.addLocation({ target: "https://example.com/b/catalog-info.yaml" }, as());
    expect(location).toMatchObject({ type: "url", target });
    await expect(real.addLocation({ target }, as())).rejects.toMatchObject({ statusCode: 409 });
    expect((await real.addLocation({ target, dryRun: true }, as())).exists).toBe(true);
    expect((await real.getLocations({}, as())).items.map((one) => one.target).sort()).toEqual([target, "https://example.com/b/catalog-info.yaml"]);
    expect([await real.getLocationById(location.id, as()), await real.getLocationByRef(`url:${target}`, as())]).toEqual([location, location]);
    expect(await real.queryLocations({ query: { target: { $hasPrefix: "https://example.com/a/" } } }, as())).toEqual({ items: [location], totalItems: 1, pageInfo: {} });
    const streamed = [];
    for await (const part of real.streamLocations({ limit: 1 }, as())) streamed.push(part.length);
    expect(streamed).toEqual([1, 1]);
    await real.removeLocationById(location.id, as());
    expect(await real.getLocationById(location.id, as())).toBeUndefined();
    expect(await real.getLocationByEntity("component:default/ledger", as())).toBeUndefined();
  });
});

describe("changing a location", () => {
  test("keeps its id, takes its entities along and has the new address read; a taken one and an unknown id are refused", async () => {
    const [from, to, taken] = ["from", "to", "taken"].map((name) => `https://example.com/${name}/catalog-info.yaml`) as [string, string, string];
    const { location } = await real.addLocation({ target: from }, as());
    const { location: other } = await real.addLocation({ target: taken }, as());
    await db().execute(sql`update entities set source = ${JSON.stringify({ type: "url", url: from })}::jsonb where ref = 'component:default/cartservice'`);
    expect(await real.updateLocation(location.id, { target: to }, as())).toEqual({ id: location.id, type: "url", target: to });
    expect(await real.getLocationById(location.id, as())).toEqual({ id: location.id, type: "url", target: to });
    expect(await real.getLocationByEntity("component:default/cartservice", as())).toEqual({ id: location.id, type: "url", target: to });
    const runs = await db().execute(sql`select 1 from runs where kind = 'catalog.import-url' and input ->> 'url' = ${to}`);
    expect(runs).toHaveLength(1);
    await expect(real.updateLocation(location.id, { target: taken }, as())).rejects.toMatchObject({ statusCode: 409 });
    await expect(real.updateLocation(location.id, { type: "file", target: to }, as())).rejects.toMatchObject({ statusCode: 422 });
    await expect(real.updateLocation(location.id, { target: "ftp://example.com/a" }, as())).rejects.toMatchObject({ statusCode: 422 });
    await expect(real.updateLocation("loc_missing", { target: to }, as())).rejects.toMatchObject({ statusCode: 404 });
    for (const { id } of [location, other]) await real.removeLocationById(id, as());
  });

  test("is for whoever may add one: another team's source is not changed, and a token to read changes none", async () => {
    const { location } = await real.addLocation({ target: "https://example.com/mine/catalog-info.yaml" }, as());
    await aTeam("team-b");
    const bo = await signedIn(await aPerson("bo", { teams: { "team-b": "owner" } }));
    const theirs = await createToken(bo, { name: "client", scopes: ["read", "catalog:write"], ttl: "1d" });
    await expect(real.updateLocation(location.id, { target: "https://example.com/other.yaml" }, { token: theirs.token })).rejects.toMatchObject({ statusCode: 403 });
    const readOnly = await createToken(ada, { name: "reader", scopes: ["read"], ttl: "1d" });
    await expect(real.updateLocation(location.id, { target: "https://example.com/other.yaml" }, { token: readOnly.token })).rejects.toMatchObject({ statusCode: 403 });
    await expect(real.analyzeLocation({ location: { type: "url", target: "https://github.com/acme/shop" } }, { token: readOnly.token })).rejects.toMatchObject({ statusCode: 403 });
    await real.removeLocationById(location.id, as());
  });
});

describe("analyzing a location", () => {
  const analyze = (target: string) => real.analyzeLocation({ location: { type: "url", target } }, as());

  test("proposes what Backstage proposes for a repository that holds nothing", async () => {
    const proposed = (annotations?: Record<string, string>) => ({
      existingEntityFiles: [],
      generateEntities: [
        {
          entity: {
            apiVersion: "backstage.io/v1alpha1",
            kind: "Component",
            metadata: { name: "shop", ...(annotations ? { annotations } : {}) },
            spec: { type: "other", lifecycle: "unknown" },
          },
          fields: [],
        },
      ],
    });
    for (const target of ["https://github.com/acme/shop", "https://github.com/acme/shop.git", "https://github.com/acme/shop/tree/main/sub"])
      expect(await analyze(target)).toEqual(proposed({ "github.com/project-slug": "acme/shop" }));
    expect(await analyze("https://git.example.com/acme/shop")).toEqual(proposed());
  });

  test("shows the entities that the catalog has from a repository", async () => {
    const page = "https://git.example.com/acme/known";
    await db().execute(
      sql`update entities set source = ${JSON.stringify({ type: "remote", url: page, path: "catalog-info.yaml", commit: null })}::jsonb where ref = 'component:default/cartservice'`,
    );
    for (const target of [page, `${page}.git`, `${page}/`])
      expect(await analyze(target)).toMatchObject({
        existingEntityFiles: [{ location: { type: "url", target }, isRegistered: true, entity: { kind: "Component", metadata: { name: "CartService" } } }],
        generateEntities: [],
      });
  });

  test("reads a catalog file through the checks of every address, and says what it cannot read", async () => {
    await expect(analyze("https://127.0.0.1/catalog-info.yaml")).rejects.toMatchObject({ statusCode: 422 });
    await expect(analyze("file:///etc/passwd")).rejects.toMatchObject({ statusCode: 422 });
    await expect(analyze("https://github.com/")).rejects.toMatchObject({ statusCode: 422 });
  });
});

describe("refreshing an entity", () => {
  test("reads the address again that it came from; one that came from none says so", async () => {
    const target = "https://example.com/refreshed/catalog-info.yaml";
    const { location } = await real.addLocation({ target }, as());
    await db().execute(sql`update entities set source = ${JSON.stringify({ type: "url", url: target })}::jsonb where ref = 'component:default/cartservice'`);
    await real.refreshEntity("component:default/CartService", as());
    const told = await db().execute(sql`select detail from audit_events where target_id = ${location.id} and detail ->> 'change' = 'read again'`);
    expect(told).toHaveLength(1);
    await expect(real.refreshEntity("component:default/ledger", as())).rejects.toMatchObject({ statusCode: 404 });
    await expect(real.refreshEntity("no reference", as())).rejects.toMatchObject({ statusCode: 422 });
    await real.removeLocationById(location.id, as());
  });
});

describe("what is wrong", () => {
  test("is told by status: no token, a broken filter, cursor or query, an unknown uid", async () => {
    const statusOf = (call: Promise<unknown>) =>
      call.then(
        () => 200,
        (error: { statusCode?: number }) => error.statusCode,
      );
    expect(
      await Promise.all([
        statusOf(real.getEntities()),
        statusOf(real.queryEntities({ filter: { "": "x" } }, as())),
        statusOf(real.queryEntities({ cursor: "bm9wZQ==" }, as())),
        statusOf(real.queryEntities({ query: { kind: { $regex: "." } } } as unknown as QueryEntitiesInitialRequest, as())),
        statusOf(real.removeEntityByUid("00000000-0000-4000-8000-000000000000", as())),
        statusOf(real.getEntityFacets({ facets: [] }, as())),
      ]),
    ).toEqual([401, 422, 422, 422, 404, 422]);
  });

  test("with an entity is told before it is imported", async () => {
    expect(await real.validateEntity({ apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name: "fine" } }, "url:https://example.com/x", as())).toEqual({
      valid: true,
    });
    expect(await real.validateEntity({ apiVersion: "backstage.io/v1alpha1", kind: "Component", metadata: { name: "not fine" } }, "url:https://example.com/x", as())).toMatchObject({
      valid: false,
      errors: [{ name: "InputError" }],
    });
  });

  test("an entity is removed by its uid, by those who may", async () => {
    const entity = await real.getEntityByRef("wiki:default/handbook", as());
    await real.removeEntityByUid(entity?.metadata.uid ?? "", as());
    expect(await real.getEntityByRef("wiki:default/handbook", as())).toBeUndefined();
  });
});
