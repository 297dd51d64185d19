import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { authenticateToken } from "@/lib/core/auth/authenticate";
import { createToken } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, type SignedIn, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";

useOwnDatabase();
let pat: SignedIn;
let scim: ScimClient;
const ids: string[] = [];
const NAMES = ["Zoe", "adam", "Bea", "carl", "Dina"];

beforeAll(async () => {
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  scim = await aConnection(pat, "Okta");
  for (const [n, name] of NAMES.entries()) {
    ids.push(
      await scim.person(`${name}@corp.example`, {
        externalId: `X${n}`,
        displayName: name,
        name: { givenName: name, familyName: n % 2 ? "Odd" : "Even" },
        active: n !== 4,
        emails: [{ value: `${name}@mail.example`, type: n % 2 ? "home" : "work", primary: true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: n < 2 ? "Sales" : "Support" },
      }),
    );
  }
});

const list = (filter: string, more = "") => scim.get(`/Users?filter=${encodeURIComponent(filter)}${more}`);
const namesOf = (body: { Resources: { displayName: string }[] }) => body.Resources.map((one) => one.displayName);

describe("filters", () => {
  test.each([
    ['userName eq "zoe@CORP.example"', ["Zoe"]],
    ['USERNAME EQ "adam@corp.example"', ["adam"]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "c"', ["carl"]],
    ['externalId eq "X1"', ["adam"]],
    ['externalId eq "x1"', []],
    ["active eq false", ["Dina"]],
    ['active eq "True" and name.familyName eq "even"', ["Zoe", "Bea"]],
    ['displayName co "A" and not (displayName ew "a")', ["adam", "carl"]],
    ['emails eq "bea@mail.example"', ["Bea"]],
    ['emails.value co "carl"', ["carl"]],
    ['emails[type eq "home" and value co "mail"]', ["adam", "carl"]],
    ["emails[primary eq true]", NAMES],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales"', ["Zoe", "adam"]],
    ['(displayName eq "Zoe" or displayName eq "Bea") and active eq true', ["Zoe", "Bea"]],
    ["title pr", []],
    ["displayName pr", NAMES],
    ['meta.created gt "2020-01-01T00:00:00Z"', NAMES],
    ['meta.lastModified lt "2020-01-01"', []],
    ['userName eq "%"', []],
    ['userName eq "\' or 1=1 --"', []],
    ['displayName eq "a\\"b"', []],
    ["externalId eq null", []],
  ])("%s", async (filter, expected) => {
    const { status, body } = await list(filter);
    expect([status, namesOf(body)]).toEqual([200, expected]);
  });

  test.each([
    ["nickName eq"],
    ['shoeSize eq "44"'],
    ['emails.colour eq "red"'],
    ['name eq "x"'],
    ['userName like "x"'],
    ["userName"],
    ['(userName eq "x"'],
    ['userName eq "x" and'],
    ["active gt true"],
    ['meta.created gt "yesterday"'],
    ['userName["x"]'],
    ['__proto__ eq "x"'],
    ['constructor.name eq "x"'],
    ['toString eq "x"'],
    ["(".repeat(3_000)],
    [`${"not ".repeat(900)}(active eq true)`],
    [`userName eq "${"\n".repeat(60)}`],
    [`userName eq "${"\\".repeat(61)}`],
    [`userName eq "${"x".repeat(5_000)}"`],
  ])("%.60s is refused at once, as a filter", async (filter) => {
    const { status, body } = await list(filter);
    expect([status, body.scimType, body.status]).toEqual([400, "invalidFilter", "400"]);
    expect(body.detail.length).toBeGreaterThan(10);
  });

  test("agree with a reading of the resources, whatever they combine", async () => {
    const resources = (await scim.get("/Users")).body.Resources as Record<string, string | boolean>[];
    const leaf = fc.record({
      name: fc.constantFrom("userName", "displayName"),
      op: fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "le"),
      value: fc.constantFrom("Zoe", "adam@corp.example", "B", "a", "e", "CARL", ""),
    });
    type Tree = { leaf: { name: string; op: string; value: string } } | { not: Tree } | { both: "and" | "or"; left: Tree; right: Tree };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf.map((one) => ({ leaf: one })),
        tie("tree").map((inner) => ({ not: inner })),
        fc.tuple(fc.constantFrom("and" as const, "or" as const), tie("tree"), tie("tree")).map(([both, left, right]) => ({ both, left, right })),
      ),
    }));
    const write = (node: Tree): string =>
      "leaf" in node
        ? `${node.leaf.name} ${node.leaf.op} ${JSON.stringify(node.leaf.value)}`
        : "not" in node
          ? `not (${write(node.not)})`
          : `(${write(node.left)}) ${node.both} (${write(node.right)})`;
    const holds = (node: Tree, one: Record<string, string | boolean>): boolean => {
      if ("not" in node) return !holds(node.not, one);
      if ("both" in node) return node.both === "and" ? holds(node.left, one) && holds(node.right, one) : holds(node.left, one) || holds(node.right, one);
      const [a, b] = [String(one[node.leaf.name]).toLowerCase(), node.leaf.value.toLowerCase()];
      const order = a.localeCompare(b, "en");
      return { eq: a === b, ne: a !== b, co: a.includes(b), sw: a.startsWith(b), ew: a.endsWith(b), gt: order > 0, le: order <= 0 }[node.leaf.op] ?? false;
    };
    const run = fc.asyncProperty(tree, async (node) => {
      const filter = write(node);
      fc.pre((filter.match(/[(]/g)?.length ?? 0) <= 15);
      const { status, body } = await list(filter);
      expect([status, filter, namesOf(body)]).toEqual([200, filter, resources.filter((one) => holds(node, one)).map((one) => one.displayName)]);
    });
    await fc.assert(run, { numRuns: 40 });
  });
});

describe("lists", () => {
  test("begin at 1, hold at most 100, and say so", async () => {
    const page = async (query: string) => (await scim.get(`/Users?${query}`)).body;
    expect(await page("startIndex=2&count=2")).toMatchObject({ totalResults: 5, startIndex: 2, itemsPerPage: 2 });
    expect(namesOf(await page("startIndex=2&count=2"))).toEqual(["adam", "Bea"]);
    expect(await page("startIndex=0&count=1")).toMatchObject({ startIndex: 1, itemsPerPage: 1 });
    expect(await page("startIndex=-5&count=-1")).toMatchObject({ totalResults: 5, startIndex: 1, itemsPerPage: 0, Resources: [] });
    expect(await page("startIndex=99")).toMatchObject({ totalResults: 5, startIndex: 99, itemsPerPage: 0 });
    expect((await scim.get("/Users?count=many")).body).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect((await scim.get("/Users?startIndex=1.5")).status).toBe(400);
    expect(await page("count=100000")).toMatchObject({ itemsPerPage: 5 });
  });

  test("are sorted by any attribute", async () => {
    expect(namesOf((await scim.get("/Users?sortBy=displayName")).body)).toEqual(["adam", "Bea", "carl", "Dina", "Zoe"]);
    expect(namesOf((await scim.get("/Users?sortBy=userName&sortOrder=descending&count=2")).body)).toEqual(["Zoe", "Dina"]);
    expect((await scim.get("/Users?sortBy=emails")).status).toBe(400);
  });

  test("show the attributes that are asked for", async () => {
    const [only] = (await scim.get("/Users?attributes=userName,name.givenName&count=1")).body.Resources;
    expect(only).toEqual({ schemas: expect.any(Array), id: ids[0], userName: "Zoe@corp.example", name: { givenName: "Zoe" } });
    const { body } = await scim.get(`/Users/${ids[0]}?excludedAttributes=emails,name.familyName,meta,id`);
    expect(body).toMatchObject({ id: ids[0], name: { givenName: "Zoe" }, active: true });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["emails"]));
    expect(body.name).toEqual({ givenName: "Zoe" });
  });

  test("can be asked for in a body", async () => {
    const { status, body } = await scim.ask("POST", "/Users/.search", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
      filter: 'displayName sw "b"',
      attributes: ["displayName"],
      startIndex: 1,
      count: 10,
    });
    expect([status, body.totalResults, body.Resources[0].displayName]).toEqual([200, 1, "Bea"]);
  });
});

describe("versions", () => {
  test("guard a change against one in between", async () => {
    const id = await scim.person("versioned@corp.example");
    const rename = (title: string, ifMatch: string) =>
      scim.ask(
        "PATCH",
        `/Users/${id}`,
        { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", path: "title", value: title }] },
        { "if-match": ifMatch },
      );
    expect((await rename("one", 'W/"1"')).headers.get("etag")).toBe('W/"2"');
    expect([(await rename("two", 'W/"1"')).status, (await rename("two", "*")).status, (await rename("three", '"9", W/"3"')).status]).toEqual([412, 200, 200]);
    expect((await scim.ask("DELETE", `/Users/${id}`, undefined, { "if-match": 'W/"1"' })).status).toBe(412);
  });
});

describe("descriptions", () => {
  test("say what there is", async () => {
    const config = (await scim.get("/ServiceProviderConfig")).body;
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 100 },
      sort: { supported: true },
      etag: { supported: true },
    });
    const types = (await scim.get("/ResourceTypes")).body;
    expect(types.Resources.map((one: { id: string }) => one.id)).toEqual(["User", "Group"]);
    expect((await scim.get("/ResourceTypes/User")).body.schemaExtensions).toEqual([{ schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", required: false }]);
    const schemas = (await scim.get("/Schemas")).body;
    expect(schemas.totalResults).toBe(3);
    for (const schema of schemas.Resources as { id: string; attributes: { name: string }[] }[]) {
      const one = await scim.get(`/Schemas/${schema.id}`);
      expect([one.status, one.body.attributes.length > 0]).toEqual([200, true]);
    }
    const user = (await scim.get(`/Schemas/${encodeURIComponent("urn:ietf:params:scim:schemas:core:2.0:User")}`)).body;
    expect(user.attributes.find((one: { name: string }) => one.name === "userName")).toMatchObject({ required: true, uniqueness: "server", caseExact: false });
  });

  test.each([
    ["GET", "/Nothing", 404],
    ["GET", "/Users/scp_missing", 404],
    ["GET", "/Schemas/urn:x", 404],
    ["POST", "/Bulk", 501],
    ["GET", "/Me", 501],
    ["POST", "/Schemas", 405],
    ["DELETE", "/Users", 405],
    ["GET", "/Users/a/b", 404],
    ["GET", "/Schemas?filter=x", 403],
  ])("%s %s answers %i as a SCIM error", async (method, path, status) => {
    const answer = await scim.ask(method, path, method === "GET" ? undefined : {});
    expect([answer.status, answer.body.status, answer.body.schemas]).toEqual([status, String(status), ["urn:ietf:params:scim:api:messages:2.0:Error"]]);
  });
});

describe("who gets in", () => {
  test("only a connection's token; it works nowhere else", async () => {
    const ask = (authorization: string) => scim.ask("GET", "/Users", undefined, { authorization });
    for (const header of ["", "Basic abc", "Bearer", "Bearer nonsense", `Bearer ${scim.token}x`, "Bearer wmk_scim_000000000000000000000000000000000000"]) {
      const { status, body, headers } = await ask(header);
      expect([status, body.status, headers.get("www-authenticate")], header).toEqual([401, "401", 'Bearer realm="waymark"']);
    }
    const { token } = await createToken(pat, { name: "all", scopes: ["read", "admin", "env:write"] });
    expect((await ask(`Bearer ${token}`)).status).toBe(403);
    expect((await authenticateToken(scim.token)).actor.type).toBe("anonymous");
  });

  test("people's tokens cannot be made with its scope", async () => {
    await expect(createToken(pat, { name: "x", scopes: ["scim"] })).rejects.toMatchObject({ code: "invalid", fields: [{ path: "scopes" }] });
  });

  test("50 requests a second, then it is told to wait", async () => {
    const busy = await aConnection(pat, "Busy");
    const answers = await Promise.all(Array.from({ length: 120 }, () => busy.askOnce("GET", "/ServiceProviderConfig")));
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect(answers.every((answer) => answer.status === 200 || answer.status === 429)).toBe(true);
    expect((await scim.get("/Users?count=0")).status).toBe(200);
  });
});
