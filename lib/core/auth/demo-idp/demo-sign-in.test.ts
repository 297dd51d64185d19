import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { GET as demoIdp, POST as postDemoIdp } from "@/app/demo-idp/[...path]/route";
import { db } from "@/db/client";
import { demoIdpState, teams, users } from "@/db/schema";
import { DEMO_PEOPLE } from "@/db/seed/demo-directory";
import { seedDemoPeople } from "@/db/seed/demo-people";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { serveSignOut } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { Browser, destination } from "@/tests/setup/sign-in-dance";

// An address that leads nowhere from here, as behind a forwarded port: the portal must reach its own provider without it.
const PORTAL = "http://portal.invalid:3000";

useOwnDatabase();

beforeAll(async () => {
  for (const name of ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]) delete process.env[name];
  process.env.WAYMARK_URL = PORTAL;
  await db().transaction(seedDemoPeople);
});

/** A browser for which portal and provider are one origin. */
class DemoBrowser extends Browser {
  async provider_(address: URL, init: RequestInit = {}): Promise<Response> {
    const handler = init.method === "POST" ? postDemoIdp : demoIdp;
    return this.portal.keep(await handler(this.request(address.pathname + address.search, init)));
  }

  override async atProvider(start: string): Promise<URL> {
    let address = new URL(start, PORTAL);
    for (let hop = 0; hop < 8 && address.pathname.startsWith("/demo-idp/"); hop++) {
      const response = await this.provider_(address);
      address = new URL(await destination(response), address);
      expect(address.origin).toBe(PORTAL);
    }
    return address;
  }
}

async function actor(browser: Browser) {
  const { actor: found } = await authenticateSession(browser.session());
  if (found.type !== "user") throw new Error("nobody is signed in");
  return { ...found, memberships: Object.fromEntries(found.teams.map((team) => [team.name, team.membership])) };
}

const EXPECTED = [
  ["ada", "engineer", { checkout: "member" }],
  ["bo", "engineer", { search: "member" }],
  ["olga", "engineer", { checkout: "owner" }],
  ["max", "manager", { commerce: "member" }],
  ["pat", "platform-admin", { platform: "member" }],
] as const;

describe("the demo company", () => {
  test.each(EXPECTED)("%s signs in without a password as %s", async (person, role, memberships) => {
    const browser = new DemoBrowser(PORTAL);
    const response = await browser.signIn({ person, callbackUrl: "/environments" });
    expect(response.headers.get("location")).toBe("/environments");
    expect(await actor(browser)).toMatchObject({ handle: person, role, memberships });
  });

  test("signing in takes nothing away that the seed gave, and makes nobody twice", async () => {
    expect(await db().$count(users)).toBe(DEMO_PEOPLE.length);
    expect(DEMO_PEOPLE.length).toBeGreaterThan(150);
    expect(new Set(DEMO_PEOPLE.map((person) => person.handle)).size).toBe(DEMO_PEOPLE.length);
  });

  test("another person can be picked in the same browser", async () => {
    const browser = new DemoBrowser(PORTAL);
    await browser.signIn({ person: "ada" });
    await browser.signIn({ person: "bo" });
    expect((await actor(browser)).handle).toBe("bo");
  });

  test("managers reach the teams of their division", async () => {
    const browser = new DemoBrowser(PORTAL);
    await browser.signIn({ person: "max" });
    const names = new Map((await db().select().from(teams)).map((team) => [team.id, team.name]));
    expect((await actor(browser)).managedTeamIds.map((id) => names.get(id)).sort()).toEqual(["checkout", "commerce", "growth", "payments", "search"]);
  });

  test.each(["", "mallory", "' or 1=1", "PAT"])("the person %j leads back to the sign-in page", async (person) => {
    const browser = new DemoBrowser(PORTAL);
    const address = await browser.atProvider(await destination(await browser.begin({ person })));
    expect(address.pathname).toBe("/sign-in");
    expect(browser.session()).toBeUndefined();
  });

  test("seeding again changes nothing", async () => {
    const before = await db().$count(users);
    await db().transaction(seedDemoPeople);
    expect(await db().$count(users)).toBe(before);
  });
});

test("signing out goes by the provider's own sign-out and back to the sign-in page", async () => {
  const browser = new DemoBrowser(PORTAL);
  await browser.signIn({ person: "ada" });
  const begun = browser.portal.keep(await serveSignOut(browser.request("/api/auth/sign-out", { method: "POST", headers: { origin: PORTAL } })));
  const page = await browser.provider_(new URL(begun.headers.get("location") ?? "", PORTAL));
  expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
  const form = await page.text();
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? "";
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? "";
  const done = await browser.provider_(new URL(action, PORTAL), {
    method: "POST",
    body: new URLSearchParams({ xsrf, logout: "yes" }),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(done.headers.get("location")).toBe(`${PORTAL}/sign-in?signed-out=1`);
});

test("the provider describes itself under the portal's own origin, and keeps its key sealed", async () => {
  const answer = await demoIdp(new Request(`${PORTAL}/demo-idp/.well-known/openid-configuration`));
  const found = (await answer.json()) as Record<string, string>;
  expect(found).toMatchObject({
    issuer: `${PORTAL}/demo-idp`,
    authorization_endpoint: `${PORTAL}/demo-idp/auth`,
    token_endpoint: `${PORTAL}/demo-idp/token`,
    jwks_uri: `${PORTAL}/demo-idp/jwks`,
  });
  const jwks = (await (await demoIdp(new Request(`${PORTAL}/demo-idp/jwks`))).json()) as { keys: Record<string, string>[] };
  expect(jwks.keys).toHaveLength(1);
  expect(jwks.keys[0]?.d).toBeUndefined();
  const stored = JSON.stringify(await db().select().from(demoIdpState));
  expect(stored).not.toMatch(/"(d|dp|dq|qi)":"/);
});

test("it is not there beside a configured issuer, nor when the demo is switched off; demo people end with it", async () => {
  const browser = new DemoBrowser(PORTAL);
  await browser.signIn({ person: "pat" });
  const store = globalThis as typeof globalThis & { __waymarkEnv?: unknown };
  const discovery = () => demoIdp(new Request(`${PORTAL}/demo-idp/.well-known/openid-configuration`));
  const withEnv = async (change: Record<string, string>) => {
    const before = { ...process.env };
    Object.assign(process.env, change);
    delete store.__waymarkEnv;
    const seen = { status: (await discovery()).status, pat: (await authenticateSession(browser.session())).actor.type };
    for (const name of Object.keys(change)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    delete store.__waymarkEnv;
    return seen;
  };
  expect(await withEnv({ OIDC_ISSUER: "https://login.example", OIDC_CLIENT_ID: "x", WAYMARK_DEMO: "1" })).toEqual({ status: 404, pat: "anonymous" });
  expect(await withEnv({ WAYMARK_DEMO: "0" })).toEqual({ status: 404, pat: "anonymous" });
  expect(await withEnv({})).toEqual({ status: 200, pat: "user" });
});

test("the provider's library is loaded at the first sign-in only", () => {
  const source = readFileSync("lib/core/auth/demo-idp/listener.ts", "utf8");
  expect(source).toContain('await import("./provider")');
  expect(source).not.toMatch(/^import (?!type)[^;]*from "(oidc-provider|\.\/provider)"/m);
});
