import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, users } from "@/db/schema";
import { authenticateToken } from "@/lib/core/auth/authenticate";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson } from "@/tests/setup/people";
import { TEST_SECRET } from "@/tests/setup/postgres";
import { builtCommandLine, type CommandLine, type Ended } from "./command-line";

const database = useOwnDatabase();
let commandLine: CommandLine;
let dataDir = "";

beforeAll(async () => {
  commandLine = await builtCommandLine({ asCheckout: true });
  dataDir = await mkdtemp(path.join(tmpdir(), "wm-cli-data-"));
  await aPerson("ada");
});

afterAll(async () => {
  await commandLine.remove();
  await rm(dataDir, { recursive: true, force: true });
});

/** As somebody at the server itself, without any token. */
const onServer = (...args: string[]): Promise<Ended> =>
  commandLine.run("waymark", args, { WAYMARK_DATA_DIR: dataDir, WAYMARK_SECRET: TEST_SECRET, DATABASE_URL: database.current().appUrl, WAYMARK_URL: "http://127.0.0.1:9" });

describe("on the server's own machine", () => {
  test("token create prints the token alone, and it works within its scopes", async () => {
    const ended = await onServer("token", "create", "--as", "ada", "--scopes", "read,env:write", "--ttl", "2h");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^wmk_svc_[0-9A-Za-z]{36}\n$/);
    const { actor } = await authenticateToken(ended.stdout.trim());
    expect(actor).toMatchObject({ type: "user", handle: "ada", credential: { scopes: ["read", "env:write"] } });
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.name, "token.create"));
    expect(event?.detail).toMatchObject({ onHost: true, scopes: ["read", "env:write"] });
  });

  test("with --json it prints one object", async () => {
    const { stdout } = await onServer("token", "create", "--as", "ada", "--json");
    expect(JSON.parse(stdout)).toEqual({ token: expect.stringMatching(/^wmk_svc_/), expiresAt: expect.stringMatching(/Z$/) });
  });

  test.each([
    [["--as", "nobody"], 'There is nobody called "nobody".'],
    [["--as", "--help"], "--as needs a value"],
    [["--as=-rf"], 'There is nobody called "-rf".'],
    [["--as", "ada", "--scopes", "root"], 'There is no scope "root".'],
    [["--as", "ada", "--ttl", "0"], "is not a duration"],
    [["--as", "ada", "--ttl", "9999d"], "between 1m and 366d"],
  ])("token create %j ends with code 2 and says why", async (args, message) => {
    const ended = await onServer("token", "create", ...args);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(message);
  });

  test("admin grant makes a person platform admin", async () => {
    expect(await onServer("admin", "grant", "ada@example.com")).toEqual({ code: 0, stdout: "ada is platform admin\n", stderr: "" });
    const [ada] = await db().select().from(users).where(eq(users.handle, "ada"));
    expect(ada?.role).toBe("platform-admin");
    expect(await onServer("admin", "grant", "--", "-x")).toMatchObject({ code: 2, stdout: "" });
  });

  test("doctor adds what the server itself knows, and code 1 for what is missing", async () => {
    const ended = await onServer("doctor", "--json");
    const { items } = JSON.parse(ended.stdout) as { items: { name: string; state: string; detail: string }[] };
    expect(items.find(({ name }) => name === "Database")).toMatchObject({ state: "ok", detail: expect.stringContaining("PostgreSQL 18") });
    expect(items.find(({ name }) => name === "Portal")).toMatchObject({ state: "missing" });
    expect(ended.code).toBe(1);
  });

  test("without a portal's data it says how to get one", async () => {
    const ended = await commandLine.run("waymark", ["token", "create", "--as", "ada"], { WAYMARK_DATA_DIR: dataDir });
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("Run `npm start` first.");
  });
});
