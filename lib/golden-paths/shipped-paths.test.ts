import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { parseManifest } from "@/lib/environments/manifest";
import { until } from "@/tests/setup/until";
import type { TemplateFiles } from "./archive";
import { type GoldenPathDefinition, pagesOf, parseDefinition, summarize } from "./definition";
import { materialize } from "./engine/materialize";
import { Renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { validateValues } from "./values";

const execute = promisify(execFile);
const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "shipped-"));
afterAll(async () => {
  await thread.close();
  rmSync(parent, { recursive: true, force: true });
});

interface Shipped {
  files: TemplateFiles;
  definition: GoldenPathDefinition;
}

async function load(name: string): Promise<Shipped> {
  const files = await readPathFolder(path.join(process.cwd(), "golden-paths", name));
  return { files, definition: parseDefinition(files.get("template.yaml")?.content.toString() ?? "") };
}

async function render({ files, definition }: Shipped, values: Record<string, unknown>): Promise<{ dir: string; names: string[] }> {
  const dir = mkdtempSync(path.join(parent, "out-"));
  const context = { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" }, environment: { name: "shop" } };
  const answers = await validateValues(definition, values, thread);
  const warnings: string[] = [];
  const log = (text: string, level?: string) => level === "warn" && warnings.push(text);
  const { files: names } = await materialize({
    files,
    definition,
    values: answers,
    targetDir: dir,
    context,
    scope: "workspace",
    signal: new AbortController().signal,
    log,
    renderer: thread,
  });
  expect(warnings).toEqual([]);
  return { dir, names };
}

/** One line per file, and the whole text of those that the values changed. */
function describeFolder(dir: string, names: string[], files: TemplateFiles): string {
  const lines: string[] = [];
  const texts: string[] = [];
  for (const name of names) {
    const content = readFileSync(path.join(dir, name));
    const mode = (statSync(path.join(dir, name)).mode & 0o777).toString(8);
    const isSame = files.get(`skeleton/${name}`)?.content.equals(content) ?? false;
    lines.push(`${mode} ${isSame ? createHash("sha256").update(content).digest("hex").slice(0, 16) : "rendered        "} ${name}`);
    if (!isSame) texts.push(`--- ${name}\n${content.toString()}`);
  }
  return `${lines.join("\n")}\n\n${texts.join("\n")}`;
}

describe("node-express", () => {
  let shipped: Shipped;
  let dir: string;
  let names: string[];
  beforeAll(async () => {
    shipped = await load("node-express");
    ({ dir, names } = await render(shipped, {
      name: "shop",
      description: 'Sells "good" things: #1 & <more>',
      owner: "group:default/checkout",
      system: "system:default/shop-front",
      logLevel: "warn",
    }));
  });

  it("asks little and names at most seven concepts", () => {
    const { concepts, version, isInternal } = summarize(shipped.definition);
    expect(concepts.length).toBeGreaterThanOrEqual(4);
    expect(concepts.length).toBeLessThanOrEqual(7);
    expect({ version, isInternal }).toEqual({ version: "1.0.0", isInternal: false });
    expect(pagesOf(shipped.definition).flatMap((page) => Object.keys(page.properties ?? {}))).toEqual(["name", "description", "owner", "system", "logLevel"]);
  });

  it("renders to the expected files, byte for byte", async () => {
    await expect(describeFolder(dir, names, shipped.files)).toMatchFileSnapshot("./node-express.expected.txt");
  });

  it("leaves no template code behind", () => {
    for (const name of names.filter((file) => !file.startsWith(".github/"))) expect(readFileSync(path.join(dir, name), "utf8"), name).not.toMatch(/\$\{\{|\{%/);
  });

  it.each(["no", "null", "a", "x".repeat(40)])("stays readable with the name %s and no description", async (name) => {
    const other = await render(shipped, { name });
    const json = JSON.parse(readFileSync(path.join(other.dir, "package.json"), "utf8"));
    expect(json).toMatchObject({ name, description: "" });
    for (const file of other.names.filter((candidate) => /\.ya?ml$/.test(candidate))) {
      for (const document of parseAllDocuments(readFileSync(path.join(other.dir, file), "utf8"))) {
        expect(document.errors, file).toEqual([]);
        const metadata = (document.toJS() as { metadata?: { name?: unknown } }).metadata;
        if (metadata) expect(String(metadata.name), file).toMatch(new RegExp(`^${name}(-database)?$`));
        if (metadata) expect(typeof metadata.name, file).toBe("string");
      }
    }
  });

  it.each([["-shop"], ["Shop"], ["shop-"], ["9lives"], ["a b"], ["x".repeat(41)], ["../x"], ["shop\n"], [""]])("refuses the name %j", async (name) => {
    await expect(validateValues(shipped.definition, { name }, thread)).rejects.toThrow(/Lower case letters|At least/);
  });

  it("says how it is run", () => {
    expect(parseManifest(readFileSync(path.join(dir, "waymark.yaml"), "utf8")).spec).toMatchObject({
      start: ["node", "src/server.js"],
      health: "/healthz",
      ready: "/readyz",
      database: "postgres",
      egress: false,
      variables: [{ name: "LOG_LEVEL", default: "warn" }],
    });
  });

  it("has a complete lock that names no registry and is the same for every service", () => {
    const text = readFileSync(path.join(dir, "package-lock.json"), "utf8");
    const lock = JSON.parse(text) as { packages: Record<string, { integrity?: string; dependencies?: Record<string, string> }> };
    expect(text).not.toMatch(/registry|"resolved"/);
    expect(Object.entries(lock.packages).filter(([name, entry]) => name !== "" && !entry.integrity)).toEqual([]);
    expect(lock.packages[""]?.dependencies).toEqual(JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")).dependencies);
    expect(shipped.files.get("skeleton/package-lock.json")?.content.toString()).toBe(text);
  });

  it("pins every action of its workflow and asks for few rights", () => {
    const workflow = parseAllDocuments(readFileSync(path.join(dir, ".github/workflows/ci.yml"), "utf8"))[0]?.toJS() as {
      permissions: unknown;
      jobs: Record<string, { steps: { uses?: string }[] }>;
    };
    const uses = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));
    expect(uses.length).toBeGreaterThan(4);
    for (const action of uses) expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  it("names its owner, its system and what it is made of, as the catalog reads it", () => {
    const [component, database] = parseAllDocuments(readFileSync(path.join(dir, "catalog-info.yaml"), "utf8")).map((document) => document.toJS());
    expect(component).toMatchObject({
      kind: "Component",
      metadata: { name: "shop", description: 'Sells "good" things: #1 & <more>', links: [{ title: "Express 5 API" }] },
      spec: { owner: "group:default/checkout", system: "system:default/shop-front", dependsOn: ["resource:shop-database"] },
    });
    expect(database).toMatchObject({ kind: "Resource", spec: { owner: "group:default/checkout", system: "system:default/shop-front" } });
    expect(readFileSync(path.join(dir, "CODEOWNERS"), "utf8")).toMatch(/^\* +@checkout$/m);
  });

  it("runs in a cluster without rights and without ways out but DNS and its database", () => {
    const manifest = (file: string) => parseAllDocuments(readFileSync(path.join(dir, "k8s", file), "utf8"))[0]?.toJS();
    const pod = manifest("deployment.yaml").spec.template.spec;
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } });
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
      expect(container).toMatchObject({ resources: { requests: { memory: expect.any(String) }, limits: { memory: expect.any(String) } }, readinessProbe: {}, livenessProbe: {} });
    }
    const policy = manifest("network-policy.yaml").spec;
    expect(policy.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(policy.podSelector.matchLabels).toEqual(manifest("deployment.yaml").spec.selector.matchLabels);
    expect(policy.egress.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port))).toEqual([53, 53, 5432]);
    const listed = manifest("kustomization.yaml").resources as string[];
    expect(
      names
        .filter((name) => name.startsWith("k8s/"))
        .map((name) => name.slice(4))
        .sort(),
    ).toEqual([...listed, "kustomization.yaml"].sort());
  });

  describe("as a running service", () => {
    const { port, password } = inject("postgres");
    const role = `svc_${randomBytes(4).toString("hex")}`;
    const databaseUrl = `postgres://${role}:secret@127.0.0.1:${port}/${role}`;
    const admin = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => undefined });
    const npm = (args: string[], env: Record<string, string> = {}) => execute("npm", args, { cwd: dir, env: { ...process.env, ...env }, timeout: 120_000 });

    beforeAll(async () => {
      await admin.unsafe(`create role ${role} login password 'secret'`);
      await admin.unsafe(`create database ${role} owner ${role}`);
      await npm(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]);
    }, 120_000);
    afterAll(async () => {
      await admin.unsafe(`drop database ${role} with (force)`);
      await admin.unsafe(`drop role ${role}`);
      await admin.end();
    });

    it("passes its own tests, with and without a database, and skips none", async () => {
      const unit = await npm(["test"], { DATABASE_URL: "" });
      expect(unit.stdout).toMatch(/[#ℹ] pass [1-9]\d+\n[#ℹ] fail 0\n[#ℹ] cancelled 0\n[#ℹ] skipped 0/);
      const database = await npm(["run", "test:database"], { DATABASE_URL: databaseUrl });
      expect(database.stdout).toMatch(/[#ℹ] pass [1-9]\n[#ℹ] fail 0\n[#ℹ] cancelled 0\n[#ℹ] skipped 0/);
    }, 120_000);

    it("says what is missing when its database tests have no database", async () => {
      await expect(npm(["run", "test:database"], { DATABASE_URL: "" })).rejects.toMatchObject({ stdout: expect.stringContaining("DATABASE_URL is not set") });
    }, 60_000);

    it("serves from exactly what its image holds", async () => {
      const image = mkdtempSync(path.join(parent, "image-"));
      const copied = [...readFileSync(path.join(dir, "Dockerfile"), "utf8").matchAll(/^COPY (?:--from=dependencies \/app\/)?(\w[\w.]*) \.\//gm)].map((match) => match[1] ?? "");
      expect(copied).toEqual(["node_modules", "package.json", "public", "migrations", "src"]);
      for (const name of copied) cpSync(path.join(dir, name), path.join(image, name), { recursive: true });
      const socket = path.join(image, "http.sock");
      const child = spawn(process.execPath, ["src/server.js"], {
        cwd: image,
        env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", PORT: socket, DATABASE_URL: databaseUrl },
        stdio: "ignore",
      });
      try {
        await until("the service to be ready", async () => (await get(socket, "/readyz").catch(() => null))?.status === 200);
        expect(await get(socket, "/")).toMatchObject({ status: 200, body: expect.stringContaining(role) });
        expect((await get(socket, "/style.css")).status).toBe(200);
      } finally {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      expect(child.exitCode).toBe(0);
    }, 60_000);
  });
});

describe("probe", () => {
  it("is internal, needs no packages and every source parses", async () => {
    const shipped = await load("probe");
    const { dir, names } = await render(shipped, {});
    expect(summarize(shipped.definition).isInternal).toBe(true);
    expect(parseManifest(readFileSync(path.join(dir, "waymark.yaml"), "utf8")).spec.start).toEqual(["node", "server.js"]);
    expect(JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8"))).not.toHaveProperty("dependencies");
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
