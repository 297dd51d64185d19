import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POST as backchannel } from "@/app/api/auth/backchannel-logout/route";
import { db } from "@/db/client";
import { usedLogoutTokens } from "@/db/schema";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { startIssuer, type TestIssuer } from "@/tests/setup/issuer";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { Browser, destination } from "@/tests/setup/sign-in-dance";
import { until } from "@/tests/setup/until";
import { serveSignOut } from "./mutations";

const PORTAL = "http://portal.example:3000";
let issuer: TestIssuer;
let addresses: Awaited<ReturnType<typeof listenForLogout>>;

useOwnDatabase();

/** What stands for the portal's address at the provider: hands each request to the portal's own handler. */
async function listenForLogout() {
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await backchannel(
      new Request(`${PORTAL}${request.url}`, { method: "POST", body: Buffer.concat(chunks), headers: { "content-type": String(request.headers["content-type"]) } }),
    );
    statuses.push(answer.status);
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/auth/backchannel-logout`,
    statuses,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

beforeAll(async () => {
  addresses = await listenForLogout();
  issuer = await startIssuer(PORTAL, { backchannelLogoutUri: addresses.url });
  Object.assign(process.env, { WAYMARK_URL: PORTAL, OIDC_ISSUER: issuer.url, OIDC_ALLOW_HTTP: "1", OIDC_CLIENT_ID: issuer.clientId, OIDC_CLIENT_SECRET: issuer.clientSecret });
});

afterAll(async () => {
  await issuer.close();
  await addresses.close();
});

async function somebody(sub: string): Promise<Browser> {
  issuer.person = { sub, claims: { name: sub, preferred_username: sub, groups: [] } };
  const browser = new Browser(PORTAL);
  await browser.signIn();
  expect(await isIn(browser)).toBe(true);
  return browser;
}

const isIn = async (browser: Browser) => (await authenticateSession(browser.session())).actor.type === "user";
const send = (token: string) =>
  backchannel(
    new Request(`${PORTAL}/api/auth/backchannel-logout`, {
      method: "POST",
      body: new URLSearchParams({ logout_token: token }),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }),
  );

describe("signing out in the portal", () => {
  test("ends the session, forgets the cookie, and goes to the provider with a hint of who it was", async () => {
    const browser = await somebody("leaver");
    const cookie = browser.session();
    const response = browser.portal.keep(await serveSignOut(browser.request("/api/auth/sign-out", { method: "POST", headers: { origin: PORTAL } })));
    expect((await authenticateSession(cookie)).actor.type).toBe("anonymous");
    expect(browser.session()).toBeUndefined();
    const to = new URL(await destination(response));
    expect(to.origin).toBe(issuer.url);
    expect(to.searchParams.get("id_token_hint")).toMatch(/^eyJ/);
    expect(to.searchParams.get("post_logout_redirect_uri")).toBe(`${PORTAL}/sign-in?signed-out=1`);
  });

  test("by a form of another site does nothing", async () => {
    const browser = await somebody("stays");
    await expect(serveSignOut(browser.request("/api/auth/sign-out", { method: "POST", headers: { origin: "https://evil.example" } }))).rejects.toMatchObject({ status: 403 });
    expect(await isIn(browser)).toBe(true);
  });

  test("without a session leads to the sign-in page", async () => {
    const response = await serveSignOut(new Browser(PORTAL).request("/api/auth/sign-out", { method: "POST", headers: { origin: PORTAL } }));
    expect(response.headers.get("location")).toBe("/sign-in?signed-out=1");
  });
});

describe("the provider's logout token", () => {
  test("ends every session of the subject, once, and answers 200 with no-store", async () => {
    const [first, other] = [await somebody("ada"), await somebody("bo")];
    const second = await somebody("ada");
    const token = await issuer.logoutToken({ sub: "ada" });
    const answer = await send(token);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect([await isIn(first), await isIn(second), await isIn(other)]).toEqual([false, false, true]);
    const again = await somebody("ada");
    expect((await send(token)).status).toBe(400);
    expect(await isIn(again)).toBe(true);
  });

  test("with a sid ends that session only", async () => {
    const [one, two] = [await somebody("cyd"), await somebody("cyd")];
    const [{ sid } = { sid: "" }] = await sidsOf("cyd");
    expect((await send(await issuer.logoutToken({ sid }))).status).toBe(200);
    expect([await isIn(one), await isIn(two)].filter(Boolean)).toHaveLength(1);
  });

  test("for somebody unknown is honoured and ends nothing", async () => {
    expect((await send(await issuer.logoutToken({ sub: "stranger" }))).status).toBe(200);
  });

  const now = () => Math.floor((performance.timeOrigin + performance.now()) / 1000);
  const WRONG: [string, () => Promise<string>][] = [
    ["no token", async () => ""],
    ["junk", async () => "a.b.c"],
    ["another issuer", () => issuer.logoutToken({ sub: "dan", iss: "https://evil.example" })],
    ["another audience", () => issuer.logoutToken({ sub: "dan", aud: "somebody-else" })],
    ["a nonce", () => issuer.logoutToken({ sub: "dan", nonce: "n" })],
    ["no event", () => issuer.logoutToken({ sub: "dan", events: undefined })],
    ["another event", () => issuer.logoutToken({ sub: "dan", events: { "http://schemas.openid.net/event/other": {} } })],
    ["events that are a text", () => issuer.logoutToken({ sub: "dan", events: "http://schemas.openid.net/event/backchannel-logout" })],
    ["neither sub nor sid", () => issuer.logoutToken()],
    ["no jti", () => issuer.logoutToken({ sub: "dan", jti: undefined })],
    ["no iat", () => issuer.logoutToken({ sub: "dan", iat: undefined })],
    ["an iat of five minutes ago", () => issuer.logoutToken({ sub: "dan", iat: now() - 300, exp: undefined })],
    ["an iat in ten minutes", () => issuer.logoutToken({ sub: "dan", iat: now() + 600, exp: now() + 900 })],
    ["an expired one", () => issuer.logoutToken({ sub: "dan", exp: now() - 200 })],
    ["an ID token's type", () => issuer.logoutToken({ sub: "dan" }, { typ: "at+jwt" })],
    ["an unknown key", () => issuer.logoutToken({ sub: "dan" }, { kid: "k2" })],
    ["another key under our key's name", async () => issuer.logoutToken({ sub: "dan" }, {}, (await generateKeyPair("RS256")).privateKey)],
    ["no signature", async () => `${Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString("base64url")}.${(await issuer.logoutToken({ sub: "dan" })).split(".")[1]}.`],
    [
      "a symmetric signature with the public key",
      async () => `${Buffer.from('{"alg":"HS256","kid":"k1"}').toString("base64url")}.${(await issuer.logoutToken({ sub: "dan" })).split(".")[1]}.AAAA`,
    ],
  ];
  test.each(WRONG)("with %s is answered 400 and ends nothing", async (_what, make) => {
    const dan = await somebody("dan");
    const before = await db().$count(usedLogoutTokens);
    const answer = await send(await make());
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([400, "no-store"]);
    expect(await isIn(dan)).toBe(true);
    expect(await db().$count(usedLogoutTokens)).toBe(before);
  });
});

test("signing out at the provider itself reaches the portal", async () => {
  const browser = await somebody("eve");
  const end = async (url: string, init: RequestInit = {}) =>
    browser.provider.keep(await fetch(url, { redirect: "manual", ...init, headers: { cookie: browser.provider.header(), ...init.headers } }));
  const form = await (await end(`${issuer.url}/session/end`)).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? "";
  await end(`${issuer.url}/session/end/confirm`, { method: "POST", body: new URLSearchParams({ xsrf, logout: "yes" }) });
  await until("the session's end", async () => !(await isIn(browser)));
  expect(addresses.statuses.at(-1)).toBe(200);
});

async function sidsOf(handle: string): Promise<{ sid: string }[]> {
  return db().execute<{ sid: string }>(
    `select s.idp_session_id as sid from sessions s join users u on u.id = s.user_id where u.handle = '${handle}' and s.ended_at is null order by s.created_at`,
  );
}
