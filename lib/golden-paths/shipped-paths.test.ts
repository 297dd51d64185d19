import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as bodyOf } from "node:stream/consumers";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parseManifest } from "@/lib/environments/manifest";
import { loadShipped, type Rendered, renderShipped } from "@/tests/setup/rendered-path";
import { until } from "@/tests/setup/until";
import type { TemplateFiles } from "./archive";
import { summarize } from "./definition";
import { Renderer } from "./engine/renderer";

const execute = promisify(execFile);
const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "shipped-"));
const NPM_CI = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
const { port, password } = inject("postgres");
const role = `svc_${randomBytes(4).toString("hex")}`;
const databaseUrl = `postgres://${role}:secret@127.0.0.1:${port}/${role}`;
const admin = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => undefined });

beforeAll(async () => {
  await admin.unsafe(`create role ${role} login password 'secret'`);
  await admin.unsafe(`create database ${role} owner ${role}`);
});
afterAll(async () => {
  await thread.close();
  await admin.unsafe(`drop database ${role} with (force)`);
  await admin.unsafe(`drop role ${role}`);
  await admin.end();
  rmSync(parent, { recursive: true, force: true });
});

async function render(name: string, values: Record<string, unknown>): Promise<Rendered & { files: TemplateFiles }> {
  const shipped = await loadShipped(name);
  return { ...(await renderShipped(shipped, values, { parent, thread })), files: shipped.files };
}

/** One line per file, and the whole text of those that the values changed. */
function describeFolder({ names, text, dir, files }: Rendered & { files: TemplateFiles }): string {
  const sources = [...files].map(([, { content }]) => content);
  const lines: string[] = [];
  const texts: string[] = [];
  for (const name of names) {
    const content = readFileSync(path.join(dir, name));
    const isSame = sources.some((source) => source.equals(content));
    lines.push(`${isSame ? createHash("sha256").update(content).digest("hex").slice(0, 16) : "rendered        "} ${name}`);
    if (!isSame) texts.push(`--- ${name}\n${text(name)}`);
  }
  return `${lines.join("\n")}\n\n${texts.join("\n")}`;
}

const npm = (dir: string, args: string[], env: Record<string, string> = {}) =>
  execute("npm", args, { cwd: dir, env: { ...process.env, NODE_OPTIONS: "", DATABASE_URL: "", NEXT_TELEMETRY_DISABLED: "1", ...env }, timeout: 120_000 });
const ALL_PASS = /[#ℹ] pass [1-9]\d*\n[#ℹ] fail 0\n[#ℹ] cancelled 0\n[#ℹ] skipped 0/;

/** What a program sent to the collector, as names by kind. */
interface Telemetry {
  traces: { service: string; version: string; span: string; traceId: string }[];
  metrics: string[];
  logs: { message: string; traceId: string }[];
}

const attribute = (resource: { attributes: { key: string; value: { stringValue: string } }[] }, key: string) =>
  resource.attributes.find((one) => one.key === key)?.value.stringValue ?? "";

/** Understands OTLP as JSON over HTTP. */
async function collector(): Promise<{ server: Server; seen: Telemetry; endpoint: string }> {
  const seen: Telemetry = { traces: [], metrics: [], logs: [] };
  const server = createServer(async (req, res) => {
    const body = JSON.parse(await bodyOf(req));
    for (const { resource, scopeSpans } of body.resourceSpans ?? [])
      for (const { spans } of scopeSpans)
        for (const { name, traceId } of spans)
          seen.traces.push({ service: attribute(resource, "service.name"), version: attribute(resource, "service.version"), span: name, traceId });
    for (const { scopeMetrics } of body.resourceMetrics ?? []) for (const { metrics } of scopeMetrics) seen.metrics.push(...metrics.map(({ name }: { name: string }) => name));
    for (const { scopeLogs } of body.resourceLogs ?? [])
      for (const { logRecords } of scopeLogs) for (const record of logRecords) seen.logs.push({ message: record.body.stringValue, traceId: record.traceId ?? "" });
    res.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, seen, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Packages of telemetry/, which are the same for all paths: installed once. */
let telemetryModules: Promise<string> | null = null;
function installTelemetry(dir: string): Promise<string> {
  telemetryModules ??= npm(path.join(dir, "telemetry"), NPM_CI).then(() => path.join(dir, "telemetry/node_modules"));
  return telemetryModules;
}

it("node-express renders to the expected files, byte for byte", async () => {
  const values = {
    name: "shop",
    description: 'Sells "good" things: #1 & <more>',
    owner: "group:default/checkout",
    system: "system:default/shop-front",
    logLevel: "warn",
    exposure: "public",
  };
  await expect(describeFolder(await render("node-express", values))).toMatchFileSnapshot("./node-express.expected.txt");
});

describe.each([
  { path: "node-express", values: {}, program: "src/server.js", shows: role, span: /pg.*select|pg-pool/ },
  { path: "nextjs-web", values: { database: true }, program: "src/server.js", shows: "Whom to greet", span: /pg.*select|pg-pool/i },
  { path: "worker-queue", values: {}, program: "src/main.js", shows: "Add job", span: /pg.*update|pg-pool/i },
])("$path as a running service", ({ path: name, values, program, shows, span }) => {
  let rendered: Rendered;
  const dir = () => rendered.dir;
  beforeAll(async () => {
    rendered = await render(name, { name: "shop", description: "Sells things", logLevel: "info", ...values });
    await npm(dir(), NPM_CI);
  });

  it("passes its own checks and tests, with and without a database, and skips none", async () => {
    await npm(dir(), ["run", "lint"]);
    expect((await npm(dir(), ["run", "policy"])).stdout).toContain("rules obeyed");
    expect((await npm(dir(), ["test"])).stdout).toMatch(ALL_PASS);
    expect((await npm(dir(), ["run", "test:database"], { DATABASE_URL: databaseUrl })).stdout).toMatch(ALL_PASS);
  }, 180_000);

  it("serves from exactly what its image holds, and sends traces, metrics and logs without a line of code", async () => {
    const image = mkdtempSync(path.join(parent, "image-"));
    const dockerfile = rendered.text("Dockerfile");
    const last = dockerfile.slice(dockerfile.lastIndexOf("FROM "));
    const copied = [...last.matchAll(/^COPY (?:--from=\w+ )?(.+) \S+$/gm)].flatMap(([, sources = ""]) => sources.split(" ").map((source) => source.replace("/app/", "")));
    for (const file of copied) cpSync(path.join(dir(), file), path.join(image, file), { recursive: true, verbatimSymlinks: true });
    cpSync(await installTelemetry(dir()), path.join(image, "telemetry/node_modules"), { recursive: true });
    const [, start = "[]"] = /^CMD (.*)$/m.exec(last) ?? [];
    expect(JSON.parse(start)).toEqual(["node", "--import", "./telemetry/register.mjs", program]);
    const { server, seen, endpoint } = await collector();
    const socket = path.join(image, "http.sock");
    const env = { NODE_ENV: "production", PATH: process.env.PATH ?? "", PORT: socket, DATABASE_URL: databaseUrl, VERSION: "1.2.3" } as const;
    const otel = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_SERVICE_NAME: "shop",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
      OTEL_METRIC_EXPORT_TIMEOUT: "400",
    };
    const child = spawn(process.execPath, JSON.parse(start).slice(1), { cwd: image, env: { ...env, ...otel }, stdio: "ignore" });
    try {
      await until("the service to be ready", async () => (await get(socket, "/readyz").catch(() => null))?.status === 200);
      expect((await get(socket, "/healthz")).status).toBe(200);
      expect(await get(socket, "/")).toMatchObject({ status: 200, body: expect.stringContaining(shows) });
    } finally {
      child.kill("SIGTERM");
      await once(child, "exit");
      server.close();
    }
    // What was under way when it stopped is not lost.
    expect(child.exitCode).toBe(0);
    expect(seen.traces.find((one) => one.span.startsWith("GET"))).toMatchObject({ service: "shop", version: "1.2.3" });
    expect(seen.traces.some((one) => span.test(one.span))).toBe(true);
    expect(seen.metrics).toContain("http.server.request.duration");
    expect(seen.logs.map(({ message }) => message)).toEqual(expect.arrayContaining(["listening", "ready"]));
  });
});

describe("node-express without a database", () => {
  it("passes its own checks and tests", async () => {
    const { dir } = await render("node-express", { name: "shop", database: false });
    await npm(dir, NPM_CI);
    await npm(dir, ["run", "lint"]);
    expect((await npm(dir, ["test"])).stdout).toMatch(ALL_PASS);
  });
});

describe("probe", () => {
  it("is internal, needs no packages and every source parses", async () => {
    const { definition } = await loadShipped("probe");
    const { dir, names, text } = await render("probe", {});
    expect(summarize(definition).isInternal).toBe(true);
    expect(parseManifest(text("waymark.yaml")).spec.start).toEqual(["node", "server.js"]);
    expect(JSON.parse(text("package.json"))).not.toHaveProperty("dependencies");
    for (const name of names.filter((file) => file.endsWith(".js"))) await execute(process.execPath, ["--check", path.join(dir, name)]);
  });
});

function get(socketPath: string, route: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: route }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}
