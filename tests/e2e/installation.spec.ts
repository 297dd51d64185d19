import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/launcher/ports.mjs";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";
import { stopSandboxes } from "../../scripts/launcher/sandboxes.mjs";
import { usePortal } from "../setup/at-portal";
import { fastSignIn } from "../setup/fast-sign-in";
import { askSandbox } from "../setup/sandbox-request";
import { type ThrowAwayCluster, throwAwayCluster } from "../setup/throw-away-cluster";
import { until } from "../setup/until";

// The ways to run it that are not `npm start` as root: the container's content with a Postgres of somebody else, and a role with few rights.

const NOBODY = 65534;
const folder = mkdtempSync(path.join(tmpdir(), "wm-installation-"));
const asRoot = process.getuid?.() === 0;
let cluster: ThrowAwayCluster;

function address(role: string): string {
  return `postgres://${role}:secret@127.0.0.1:${cluster.port}/${role}`;
}

beforeAll(async () => {
  cluster = await throwAwayCluster([["all", "all"]]);
  const sql = postgres({ host: "127.0.0.1", port: cluster.port, user: "postgres", password: cluster.password, database: "postgres", max: 1, onnotice: () => {} });
  for (const [role, rights] of [
    ["company", "createrole createdb"],
    ["guest", ""],
  ] as const) {
    await sql.unsafe(`create role ${role} login ${rights} password 'secret'`);
    await sql.unsafe(`create database ${role} owner ${role}`);
  }
  await sql.end();
});

afterAll(async () => {
  await cluster?.remove();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe("the container's content, in an empty folder, with a Postgres of the company", () => {
  const app = path.join(folder, "app");
  const data = path.join(folder, "data");
  let server: ChildProcess | null = null;

  afterAll(async () => {
    if (server && server.exitCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    // As `npm stop` does: the way to the database outlives the server, for sandboxes that do.
    await stopSandboxes(data);
    removeSandboxHome(data);
  });

  it("holds what the app needs and nothing secret", () => {
    mkdirSync(data);
    cpSync(".next/standalone", app, { recursive: true, verbatimSymlinks: true });
    cpSync(".next/static", path.join(app, ".next/static"), { recursive: true });
    cpSync("public", path.join(app, "public"), { recursive: true });
    chmodSync(folder, 0o755);
    if (asRoot) chownSync(data, NOBODY, NOBODY);
    const content = readdirSync(app);
    expect(content).toEqual(expect.arrayContaining(["server.js", "db", "golden-paths", "node_modules"]));
    expect(content.filter((name) => [".waymark", ".git", ".env"].includes(name))).toEqual([]);
  });

  it("starts as an ordinary user, migrates, signs in and makes a sandbox that answers", async () => {
    const [port, proxyPort] = [await freePort(), await freePort()];
    const url = `http://localhost:${port}`;
    const output: string[] = [];
    server = spawn(process.execPath, ["server.js"], {
      cwd: app,
      ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
      env: {
        PATH: process.env.PATH ?? "",
        HOME: data,
        NODE_ENV: "production",
        HOSTNAME: "127.0.0.1",
        PORT: String(port),
        WAYMARK_PROXY_PORT: String(proxyPort),
        WAYMARK_URL: url,
        WAYMARK_DATA_DIR: data,
        WAYMARK_APP_ROOT: app,
        WAYMARK_SECRET: "of-the-company-0123456789abcdef",
        WAYMARK_DEMO: "1",
        DATABASE_URL: address("company"),
      },
    });
    for (const stream of [server.stdout, server.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => output.push(text));
    const ready = () =>
      fetch(`${url}/api/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    await until(`the server to be ready: ${output.slice(-5).join("")}`, ready);
    usePortal({ url, dataDir: data, proxyPort, receiverPort: 0 });
    const ask = await fastSignIn("ada");
    const { status, body } = await ask("POST", "/environments", { goldenPath: "node-express", name: "in-container", ttl: "1h" });
    expect(status).toBe(202);
    const { id } = body.environment as { id: string };
    const ended = await until(
      "the sandbox",
      async () => {
        const environment = (await ask("GET", `/environments/${id}`)).body as { status: string; statusReason: string | null };
        return environment.status === "ready" || environment.status === "failed" ? environment : null;
      },
      120_000,
    );
    expect(ended.statusReason).toBeNull();
    expect(ended.status).toBe("ready");
    expect(await askSandbox("in-container", "/readyz")).toMatchObject({ status: 200 });
    expect((await ask("DELETE", `/environments/${id}`)).status).toBe(202);
    await until("the sandbox to be gone", async () => (await ask("GET", `/environments/${id}`)).body.status === "deleted");
  });

  it("ends when it is told to", async () => {
    server?.kill("SIGTERM");
    if (server && server.exitCode === null) await once(server, "exit");
    expect([0, 143]).toContain(server?.exitCode);
  });
});

it("the doctor says what a role with few rights cannot do", () => {
  const env = {
    NODE_ENV: "production" as const,
    PATH: process.env.PATH ?? "",
    HOME: folder,
    DATABASE_URL: address("guest"),
    WAYMARK_DATA_DIR: path.join(folder, "guest"),
    WAYMARK_SECRET: "of-the-company-0123456789abcdef",
  };
  let said = "";
  try {
    said = execFileSync(process.execPath, ["dist/cli/waymark.js", "doctor"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    said = String((error as { stdout: string }).stdout);
    expect((error as { status: number }).status).toBe(1);
  }
  expect(said).toContain("lacks CREATEDB or CREATEROLE");
  expect(said).toContain("only a trigger protects the audit log");
  expect(existsSync(path.join(folder, "guest", "postgres"))).toBe(false);
});
