import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, db, openDatabase } from "@/db/client";
import { auditEvents, memberships, roleRules, sessions, teams, users } from "@/db/schema";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { testDatabase } from "@/tests/setup/database";
import { ID_TOKEN_SECONDS, startIssuer, type TestIssuer } from "@/tests/setup/issuer";
import { Browser, destination } from "@/tests/setup/sign-in-dance";
import { readNoTeam } from "./queries";

const PORTAL = "http://portal.example:3000";
let issuer: TestIssuer;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await testDatabase();
  openDatabase(database.appUrl);
  drop = database.drop;
  issuer = await startIssuer(PORTAL);
  Object.assign(process.env, {
    WAYMARK_URL: PORTAL,
    OIDC_ISSUER: issuer.url,
    OIDC_ALLOW_HTTP: "1",
    OIDC_CLIENT_ID: issuer.clientId,
    OIDC_CLIENT_SECRET: issuer.clientSecret,
    WAYMARK_ADMIN_GROUP: "admins",
  });
  await db()
    .insert(teams)
    .values([
      { id: "tea_a", ref: "group:default/a", name: "a", title: "A" },
      { id: "tea_b", ref: "group:default/b", name: "b", title: "B" },
    ]);
  await db()
    .insert(roleRules)
    .values([
      { id: "rul_1", position: 0, match: "exact", value: "team-a", teamId: "tea_a", membership: "member" },
      { id: "rul_2", position: 1, match: "prefix", value: "team-b-", teamId: "tea_b", membership: "owner" },
      { id: "rul_3", position: 2, match: "exact", value: "managers", role: "manager" },
    ]);
});

afterAll(async () => {
  await issuer.close();
  await closeDatabase();
  await drop();
});

beforeEach(() => {
  issuer.clockOffset = 0;
});

const as = (sub: string, claims: Record<string, unknown>) => {
  issuer.person = { sub, claims: { name: `Name of ${sub}`, preferred_username: sub, email: `${sub}@example.com`, email_verified: true, ...claims } };
};

async function actorOf(browser: Browser) {
  const { actor } = await authenticateSession(browser.session());
  if (actor.type !== "user") throw new Error("nobody is signed in");
  return actor;
}

const teamsOf = async (browser: Browser) => Object.fromEntries((await actorOf(browser)).teams.map((team) => [team.name, team.membership]));

describe("a first sign-in", () => {
  test("makes the person, their teams and a session, and goes back to where it began", async () => {
    as("ada", { groups: ["team-a", "unknown"] });
    const browser = new Browser(PORTAL);
    const response = await browser.signIn({ callbackUrl: "/environments?scope=mine" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/environments?scope=mine");
    expect(await actorOf(browser)).toMatchObject({ handle: "ada", name: "Name of ada", email: "ada@example.com", role: "engineer" });
    expect(await teamsOf(browser)).toEqual({ a: "member" });
    const [begun] = await db().select().from(auditEvents).where(eq(auditEvents.name, "session.begin"));
    expect(begun).toMatchObject({ actorLabel: "ada", detail: { groups: ["team-a", "unknown"], groupCount: 2 } });
    const [joined] = await db().select().from(auditEvents).where(eq(auditEvents.name, "team.add-member"));
    expect(joined).toMatchObject({ teamId: "tea_a", detail: { claim: "team-a", membership: "member" } });
  });

  test("uses code, PKCE S256, state and nonce, and the registered callback", async () => {
    const address = new URL(await destination(await new Browser(PORTAL).begin()));
    const query = Object.fromEntries(address.searchParams);
    expect(query).toMatchObject({ response_type: "code", code_challenge_method: "S256", redirect_uri: `${PORTAL}/api/auth/callback/oidc`, scope: "openid profile email" });
    expect(query.state?.length).toBeGreaterThan(20);
    expect(query.nonce?.length).toBeGreaterThan(20);
  });

  test("leaves only our own session cookie, small, and only its hash in the database", async () => {
    as("hash", { groups: [] });
    const browser = new Browser(PORTAL);
    const response = await browser.signIn();
    const line = response.headers.getSetCookie().find((one) => one.startsWith("waymark_session=")) ?? "";
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/);
    expect(line.length).toBeLessThan(250);
    expect(response.headers.getSetCookie().some((one) => one.includes("next-auth.session-token"))).toBe(false);
    const stored = JSON.stringify(await db().select().from(sessions));
    expect(stored).not.toContain(browser.session());
    expect(stored).not.toContain("eyJ");
  });

  test("two people with the same e-mail address and name are two people", async () => {
    as("one", { groups: [], preferred_username: "same", email: "same@example.com" });
    const first = new Browser(PORTAL);
    await first.signIn();
    as("two", { groups: [], preferred_username: "same", email: "same@example.com" });
    const second = new Browser(PORTAL);
    await second.signIn();
    expect((await actorOf(first)).handle).toBe("same");
    expect((await actorOf(second)).handle).toBe("same-2");
  });

  test("without a team lands on the page that says what to do, unless another was asked for", async () => {
    as("loner", { groups: ["unmapped"] });
    expect((await new Browser(PORTAL).signIn()).headers.get("location")).toBe("/no-team");
    expect((await new Browser(PORTAL).signIn({ callbackUrl: "/device?code=BBBB-BBBB" })).headers.get("location")).toBe("/device?code=BBBB-BBBB");
    const browser = new Browser(PORTAL);
    await browser.signIn();
    const { actor, now } = await authenticateSession(browser.session());
    expect(await readNoTeam({ actor, now, requestId: "req_test", ipPrefix: null }, {})).toMatchObject({ groupsClaim: "groups", groups: ["unmapped"], groupCount: 1 });
    as("chief", { groups: ["managers"] });
    expect((await new Browser(PORTAL).signIn()).headers.get("location")).toBe("/");
  });

  test("many at once make one person", async () => {
    as("rush", { groups: ["team-a"] });
    await Promise.all(Array.from({ length: 5 }, () => new Browser(PORTAL).signIn()));
    expect(await db().select().from(users).where(eq(users.subject, "rush"))).toHaveLength(1);
  });
});

describe("group claims", () => {
  test("replace what the provider gave before and keep what was made by hand", async () => {
    as("mover", { groups: ["team-a"] });
    const browser = new Browser(PORTAL);
    await browser.signIn();
    const { id } = await actorOf(browser);
    await db().insert(teams).values({ id: "tea_hand", ref: "group:default/hand", name: "hand", title: "By hand" });
    await db().insert(memberships).values({ userId: id, teamId: "tea_hand", membership: "owner", source: "manual" });
    as("mover", { groups: ["team-b-x"] });
    await browser.signIn();
    expect(await teamsOf(browser)).toEqual({ b: "owner", hand: "owner" });
    as("mover", { groups: [] });
    await browser.signIn();
    expect(await teamsOf(browser)).toEqual({ hand: "owner" });
  });

  test("missing is not the same as empty, nor is a pointer to too many", async () => {
    as("keeper", { groups: ["team-a", "managers"] });
    const browser = new Browser(PORTAL);
    await browser.signIn();
    as("keeper", {});
    await browser.signIn();
    expect(await teamsOf(browser)).toEqual({ a: "member" });
    as("keeper", { groups: [], _claim_names: { groups: "src1" } });
    await browser.signIn();
    expect(await teamsOf(browser)).toEqual({ a: "member" });
    expect((await actorOf(browser)).role).toBe("manager");
    as("keeper", { groups: [] });
    await browser.signIn();
    expect(await teamsOf(browser)).toEqual({});
    expect((await actorOf(browser)).role).toBe("engineer");
  });

  test("301 of them sign in, with a cookie as small as ever", async () => {
    as("crowd", { groups: [...Array.from({ length: 300 }, (_, i) => `group-with-a-rather-long-name-${i}`), "team-a"] });
    const browser = new Browser(PORTAL);
    const response = await browser.signIn();
    expect(await teamsOf(browser)).toEqual({ a: "member" });
    expect(response.headers.getSetCookie().join("").length).toBeLessThan(4_000);
  });

  test("the admin group makes platform admins, and the last one stays", async () => {
    as("boss", { groups: ["admins"] });
    const boss = new Browser(PORTAL);
    await boss.signIn();
    expect((await actorOf(boss)).role).toBe("platform-admin");
    as("boss", { groups: [] });
    await boss.signIn();
    expect((await actorOf(boss)).role).toBe("platform-admin");
    as("second", { groups: ["admins"] });
    await new Browser(PORTAL).signIn();
    as("boss", { groups: ["not-admins"] });
    await boss.signIn();
    expect((await actorOf(boss)).role).toBe("engineer");
  });
});

describe("sessions", () => {
  test("a new sign-in has a new id and ends the one before in this browser", async () => {
    as("again", { groups: [] });
    const browser = new Browser(PORTAL);
    await browser.signIn();
    const before = browser.session();
    await browser.signIn();
    expect(browser.session()).not.toBe(before);
    expect((await authenticateSession(before)).actor.type).toBe("anonymous");
  });

  test("a session that was planted before the sign-in is worth nothing", async () => {
    as("fixated", { groups: [] });
    const browser = new Browser(PORTAL);
    browser.portal.set("waymark_session", "planted");
    await browser.signIn();
    expect(browser.session()).not.toBe("planted");
    expect((await authenticateSession("planted")).actor.type).toBe("anonymous");
  });
});

describe("what does not verify", () => {
  test("a clock two minutes behind signs in, a worse one does not", async () => {
    as("late", { groups: [] });
    issuer.clockOffset = -(ID_TOKEN_SECONDS + 100);
    const good = new Browser(PORTAL);
    await good.signIn();
    expect((await actorOf(good)).handle).toBe("late");
    issuer.clockOffset = -(ID_TOKEN_SECONDS + 150);
    const bad = new Browser(PORTAL);
    const response = await bad.signIn({ callbackUrl: "/runs" });
    expect(response.headers.get("location")).toMatch(/^\/sign-in\?error=failed&reference=req_\w+&callbackUrl=%2Fruns$/);
    expect(bad.session()).toBeUndefined();
  });

  test("another browser's answer, a changed state, a used code: no session, no 500", async () => {
    as("victim", { groups: [] });
    const attacker = new Browser(PORTAL);
    const stolen = await attacker.atProvider(await destination(await attacker.begin()));
    const victim = new Browser(PORTAL);
    expect((await victim.end(stolen)).headers.get("location")).toMatch(/^\/sign-in\?error=failed/);
    await victim.begin();
    expect((await victim.end(stolen)).headers.get("location")).toMatch(/^\/sign-in\?error=failed/);
    expect(victim.session()).toBeUndefined();

    for (const [name, value] of [
      ["state", "x"],
      ["iss", "https://evil.example"],
      ["code", "x"],
    ] as const) {
      const mallory = new Browser(PORTAL);
      const changed = await mallory.atProvider(await destination(await mallory.begin()));
      changed.searchParams.set(name, value);
      expect((await mallory.end(changed)).headers.get("location"), name).toMatch(/^\/sign-in\?error=failed/);
      expect(mallory.session()).toBeUndefined();
    }

    const twice = new Browser(PORTAL);
    const callback = await twice.atProvider(await destination(await twice.begin()));
    const kept = twice.portal.header();
    await twice.end(callback);
    expect(twice.session()).toBeDefined();
    const replay = new Browser(PORTAL);
    for (const part of kept.split("; ")) replay.portal.set(part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1));
    expect((await replay.end(callback)).headers.get("location")).toMatch(/^\/sign-in\?error=failed/);
    expect(replay.session()).toBeUndefined();
  });

  test("the provider's refusal is told as one", async () => {
    const browser = new Browser(PORTAL);
    await browser.begin();
    const response = await browser.end(new URL(`${PORTAL}/api/auth/callback/oidc?error=access_denied&error_description=%3Cscript%3E`));
    expect(response.headers.get("location")).toMatch(/^\/sign-in\?error=denied/);
  });

  test("a disabled person is kept out", async () => {
    as("gone", { groups: [] });
    await new Browser(PORTAL).signIn();
    await db().update(users).set({ disabledAt: new Date() }).where(eq(users.subject, "gone"));
    const browser = new Browser(PORTAL);
    expect((await browser.signIn()).headers.get("location")).toMatch(/^\/sign-in\?error=disabled/);
    expect(browser.session()).toBeUndefined();
  });
});

describe("other providers", () => {
  /** The same portal with another provider behind it. */
  async function withIssuer<T>(other: TestIssuer, work: () => Promise<T>, env: Record<string, string> = {}): Promise<T> {
    const store = globalThis as typeof globalThis & { __waymarkEnv?: unknown };
    const before = { ...process.env };
    Object.assign(process.env, { OIDC_ISSUER: other.url }, env);
    delete store.__waymarkEnv;
    try {
      return await work();
    } finally {
      process.env = before;
      delete store.__waymarkEnv;
    }
  }

  test.each(["ES256", "PS256"] as const)("that sign with %s", async (algorithm) => {
    const other = await startIssuer(PORTAL, { algorithm });
    other.person = { sub: "ada", claims: { preferred_username: "ada", groups: ["team-b-x"] } };
    await withIssuer(other, async () => {
      const browser = new Browser(PORTAL);
      await browser.signIn();
      // The same subject at another issuer is another person.
      expect((await actorOf(browser)).handle).not.toBe("ada");
      expect(await teamsOf(browser)).toEqual({ b: "owner" });
    });
    await other.close();
  });

  test("with groups under another name", async () => {
    const other = await startIssuer(PORTAL);
    other.person = { sub: "kim", claims: { preferred_username: "kim", realm_access: { roles: ["team-a"] } } };
    await withIssuer(
      other,
      async () => {
        const browser = new Browser(PORTAL);
        await browser.signIn();
        expect(await teamsOf(browser)).toEqual({ a: "member" });
      },
      { OIDC_GROUPS_CLAIM: "realm_access.roles" },
    );
    await other.close();
  });

  test("that do not answer, or call themselves something else, are told on the sign-in page", async () => {
    const gone = await startIssuer(PORTAL);
    await gone.close();
    const begin = async () => (await new Browser(PORTAL).begin({ callbackUrl: "/runs" })).headers.get("location");
    expect(await withIssuer(gone, begin)).toMatch(/^\/sign-in\?error=provider&reference=req_\w+&callbackUrl=%2Fruns$/);
    const alias = { ...issuer, url: issuer.url.replace("127.0.0.1", "localhost") };
    expect(await withIssuer(alias, begin)).toMatch(/^\/sign-in\?error=provider/);
  });
});

const HOSTILE = [
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "///evil.example",
  "/\t/evil.example",
  "/%09/evil.example",
  "https://portal.example:3000.evil.example/",
  "http://portal.example:3000@evil.example/",
  "http://portal.example:3000\\@evil.example/",
  "javascript:alert(1)",
  "data:text/html,x",
  "/\r\nset-cookie: a=b",
  "http://[",
  "%",
  "/api/v1/me",
  "/sign-in?callbackUrl=//evil.example",
  "",
  "x".repeat(5_000),
];

describe.each(HOSTILE)("the return address %j", (callbackUrl) => {
  test("neither fails nor leads away, in the form and in the cookie", async () => {
    as("hostile", { groups: [] });
    const browser = new Browser(PORTAL);
    const begun = await browser.begin({ callbackUrl });
    expect(begun.status).toBeLessThan(400);
    const callback = await browser.atProvider(await destination(begun));
    browser.portal.set("next-auth.callback-url", encodeURIComponent(callbackUrl));
    const response = await browser.end(callback);
    expect(response.status).toBe(303);
    const landed = new URL(response.headers.get("location") ?? "", PORTAL);
    expect(landed.origin).toBe(PORTAL);
    expect(landed.pathname).not.toMatch(/^\/(api|sign-in)/);
    expect(browser.session()).toBeDefined();
  });
});

test("a form of another site cannot begin a sign-in; a page under another of our names is sent to the right one", async () => {
  const foreign = await new Browser(PORTAL).begin({}, { origin: "https://evil.example" });
  expect(foreign.headers.get("location")).toMatch(/^\/sign-in\?error=failed/);
  const alias = await new Browser(PORTAL).begin({ callbackUrl: "/runs" }, { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" });
  expect(alias.headers.get("location")).toBe(`${PORTAL}/sign-in?callbackUrl=%2Fruns`);
});
