import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, integrations } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, signedIn } from "@/tests/setup/people";
import { connectGithub, disconnectGithub } from "./mutations";
import { githubClient, readGithubIntegration, testGithub } from "./queries";

useOwnDatabase();

const pem = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const TOKEN = "github_pat_canary_0123456789";
const byToken = { auth: "token" as const, apiUrl: "https://github.example.com/api/v3/", owner: "acme", token: TOKEN };

let pat: Ctx;
beforeAll(async () => {
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

describe("the connection to GitHub", () => {
  it("is none at first, and testing it says so", async () => {
    expect(await readGithubIntegration(pat, {})).toMatchObject({ source: "none", owner: null });
    expect(await githubClient(db())).toBeNull();
    expect(await outcome(testGithub(pat, {}))).toBe("conflict");
  });

  it("keeps secrets sealed and out of answers and of the audit log", async () => {
    await connectGithub(pat, byToken);
    const shown = JSON.stringify([await readGithubIntegration(pat, {}), await db().select().from(integrations), await db().select().from(auditEvents)]);
    expect(shown).not.toContain("canary");
    expect(shown).toContain('"newSecrets":["token"]');
    const client = await githubClient(db());
    expect(client).toMatchObject({ owner: "acme", apiUrl: "https://github.example.com/api/v3", webUrl: "https://github.example.com", auth: "token" });
    expect(await client?.gitToken()).toBe(TOKEN);
  });

  it("keeps a secret that is left out, but never sends it to another address or identity", async () => {
    const { token: _, ...withoutSecrets } = byToken;
    await connectGithub(pat, { ...withoutSecrets, owner: "acme-two" });
    expect(await (await githubClient(db()))?.gitToken()).toBe(TOKEN);
    await expect(connectGithub(pat, { ...withoutSecrets, apiUrl: "https://evil.example/api/v3" })).rejects.toMatchObject({ code: "invalid", fields: [{ path: "token" }] });
    await connectGithub(pat, { auth: "app", owner: "acme", apiUrl: byToken.apiUrl, appId: "7", privateKey: pem() });
    await expect(connectGithub(pat, { auth: "app", owner: "acme", apiUrl: byToken.apiUrl, appId: "8" })).rejects.toMatchObject({ fields: [{ path: "privateKey" }] });
  });

  it.each([
    ["apiUrl", { ...byToken, apiUrl: "http://github.example.com/api/v3" }],
    ["apiUrl", { ...byToken, apiUrl: "file:///etc/passwd" }],
    ["apiUrl", { ...byToken, apiUrl: "https://user:pass@github.example.com" }],
    ["owner", { ...byToken, owner: "../acme" }],
    ["owner", { ...byToken, owner: "a".repeat(40) }],
    ["token", { ...byToken, token: "two words" }],
    ["appId", { auth: "app" as const, owner: "acme", privateKey: pem() }],
    ["privateKey", { auth: "app" as const, owner: "acme", appId: "9" }],
    ["privateKey", { auth: "app" as const, owner: "acme", appId: "9", privateKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" }],
  ])("refuses a bad %s beside its field", async (path, input) => {
    await expect(connectGithub(pat, input)).rejects.toMatchObject({ code: "invalid", fields: [{ path }] });
  });

  it("is for platform admins", async () => {
    for (const role of ["engineer", "manager"] as const) {
      const ctx = await signedIn(await aPerson(`no-${role}`, { role, teams: { checkout: "owner" } }));
      const attempts = [readGithubIntegration(ctx, {}), testGithub(ctx, {}), connectGithub(ctx, byToken), disconnectGithub(ctx, {})];
      expect(await Promise.all(attempts.map(outcome))).toEqual(["forbidden", "forbidden", "forbidden", "forbidden"]);
    }
  });

  it("is forgotten with its secrets, once", async () => {
    expect(await disconnectGithub(pat, {})).toEqual({ disconnected: true });
    expect(await disconnectGithub(pat, {})).toEqual({ disconnected: false });
    expect(await db().select().from(integrations)).toEqual([]);
    expect(await githubClient(db())).toBeNull();
  });
});
