import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, integrations } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { CONNECTION_KINDS } from "@/lib/hosts/contract";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { connectHost, disconnectHost } from "./mutations";
import { hostConnection, listHosts, testHost } from "./queries";

process.env["WAYMARK_PRIVATE_HOSTS"] = "git.invalid,127.0.0.1";
useOwnDatabase();
const TOKEN = "a-token-of-the-host";
let pat: SignedIn;
let ada: SignedIn;
let count = 0;
beforeEach(async () => {
  count += 1;
  pat = await signedIn(await aPerson(`pat${count}`, { role: "platform-admin" }));
  ada = await signedIn(await aPerson(`ada${count}`));
  await db().delete(integrations);
});
const fieldOf = (call: Promise<unknown>) =>
  call.then(
    () => "saved",
    (error: { fields?: { path: string }[] }) => error.fields?.[0]?.path ?? String(error),
  );

describe("a connection to a host", () => {
  it.each([
    ["gitlab", { owner: "acme/../x" }, "owner"],
    ["gitea", { url: "https://git.invalid", owner: "acme/platform" }, "owner"],
    ["bitbucket", { owner: "acme/shop" }, "owner"],
    ["azure", { owner: "acme" }, "owner"],
    ["argocd", { url: "https://git.invalid", owner: "../main" }, "owner"],
    ["gitlab", { owner: "acme", url: "https://127.0.0.2/git" }, "url"],
    ["gitlab", { owner: "acme", url: "http://gitlab.com" }, "url"],
    ["gitlab", { owner: "acme", url: "https://user:pass@gitlab.com" }, "url"],
    ["gitlab", { owner: "acme", url: "file:///etc/passwd" }, "url"],
    ["gitlab", { owner: "acme", token: "with space" }, "token"],
    ["gitlab", { owner: "acme", token: "ünïcödé-☃" }, "token"],
    ["bitbucket", { owner: "acme/SHOP", user: "nobody" }, "user"],
  ] as const)("%s with %j is refused beside %s", async (kind, input, field) => {
    expect(await fieldOf(connectHost(pat, { kind, token: TOKEN, ...input }))).toBe(field);
    expect(await db().select().from(integrations)).toEqual([]);
  });

  it("keeps its token sealed, shows it nowhere, and sends it only to where it was entered for", async () => {
    const url = "https://git.invalid/base/";
    await connectHost(pat, { kind: "gitlab", url, owner: "acme/platform", token: TOKEN });
    expect(await hostConnection(db(), "gitlab")).toEqual({ kind: "gitlab", url: "https://git.invalid/base", owner: "acme/platform", user: null, token: TOKEN });
    const shown = JSON.stringify([await listHosts(pat, {}), await db().select().from(integrations), await db().select().from(auditEvents)]);
    expect(shown).not.toContain(TOKEN);
    // The same address and account: the token may be left out.
    await connectHost(pat, { kind: "gitlab", url, owner: "acme" });
    expect(await hostConnection(db(), "gitlab")).toMatchObject({ owner: "acme", token: TOKEN });
    expect(await fieldOf(connectHost(pat, { kind: "gitlab", url: "https://other.invalid", owner: "acme" }))).toBe("token");
    await connectHost(pat, { kind: "bitbucket", url: "https://git.invalid", owner: "acme/SHOP", user: "a@example.com", token: TOKEN });
    expect(await fieldOf(connectHost(pat, { kind: "bitbucket", url: "https://git.invalid", owner: "acme/SHOP", user: "b@example.com" }))).toBe("token");
  });

  it("belongs to platform admins", async () => {
    for (const kind of CONNECTION_KINDS) {
      expect(await outcome(connectHost(ada, { kind, url: "https://git.invalid", owner: kind === "azure" ? "acme/Shop" : "acme", token: TOKEN }))).toBe("forbidden");
      expect(await outcome(testHost(ada, { kind }))).toBe("forbidden");
      expect(await outcome(disconnectHost(ada, { kind }))).toBe("forbidden");
    }
    expect(await outcome(listHosts(ada, {}))).toBe("forbidden");
    expect(await outcome(testHost({ ...pat, now: await databaseNow() }, { kind: "azure" }))).toBe("conflict");
    expect(await disconnectHost(pat, { kind: "azure" })).toEqual({ disconnected: false });
  });

  it.each(CONNECTION_KINDS)("%s: something else at the address is named as such", async (kind) => {
    let reply = { type: "text/html; charset=utf-8", text: "<html>Sign in</html>" };
    const server = createServer((_request, response) => response.writeHead(200, { "content-type": reply.type }).end(reply.text));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await connectHost(pat, { kind, url, owner: kind === "azure" ? "acme/Shop" : "acme", token: TOKEN });
    expect((await testHost(pat, { kind })).problem?.cause).toContain("is not the API of");
    for (const text of ["null", "[]", '{"username":{"a":1},"login":7,"name":{}}', "{"]) {
      reply = { type: "application/json", text };
      expect(await testHost(pat, { kind })).toMatchObject({ identity: null, problem: { whoCanFix: "platform-team" } });
    }
    await new Promise((resolve) => server.close(resolve));
  });
});
