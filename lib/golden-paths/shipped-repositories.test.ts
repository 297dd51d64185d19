import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import picomatch from "picomatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseManifest } from "@/lib/environments/manifest";
import { listing, loadShipped, type Rendered, renderShipped, type Shipped } from "@/tests/setup/rendered-path";
import { pagesOf, summarize } from "./definition";
import { Renderer } from "./engine/renderer";
import { concernsOf } from "./upgrade/concerns";
import { validateValues } from "./values";

const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "shipped-"));
afterAll(async () => {
  await thread.close();
  rmSync(parent, { recursive: true, force: true });
});

/** What every repository holds, whatever is answered. */
const ALWAYS = [
  ...[".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", ".github/workflows/ci.yml", ".github/workflows/deploy.yml", "CODEOWNERS", "Dockerfile", "LICENSE"],
  ...[
    "README.md",
    "argocd/application.yaml",
    "catalog-info.yaml",
    "docs/index.md",
    "docs/runbook.md",
    "mkdocs.yml",
    "package-lock.json",
    "package.json",
    "renovate.json",
    "waymark.yaml",
  ],
  ...["autoscaler", "deployment", "disruption-budget", "kustomization", "network-policy", "service-account", "service"].map((name) => `deploy/base/${name}.yaml`),
  ...["staging", "production"].map((name) => `deploy/overlays/${name}/kustomization.yaml`),
  ...["admission.yaml", "check.js", "repository.js", "rules.js"].map((name) => `policy/${name}`),
  ...["package-lock.json", "package.json", "register.mjs"].map((name) => `telemetry/${name}`),
];
const OF_DATABASE = ["deploy/base/external-secret.yaml", "src/db.js", "src/migrate.js"];

const whole = { description: 'Sells "good" things: #1 & <more>', owner: "group:default/checkout", system: "system:default/shop-front", logLevel: "warn" };
const PATHS = [
  {
    path: "node-express",
    program: "src/server.js",
    type: "service",
    answers: [{ ...whole }, { ...whole, database: false, exposure: "public" }, {}],
    hasDatabase: [true, false, true],
  },
  {
    path: "nextjs-web",
    program: "src/server.js",
    type: "website",
    answers: [{ ...whole }, { ...whole, database: true, exposure: "internal" }, {}],
    hasDatabase: [false, true, false],
  },
  { path: "worker-queue", program: "src/main.js", type: "worker", answers: [{ ...whole }, { ...whole, concurrency: 50 }, {}], hasDatabase: [true, true, true] },
];

describe.each(PATHS)("$path", ({ path: name, program, type, answers, hasDatabase }) => {
  let shipped: Shipped;
  let rendered: Rendered[];
  beforeAll(async () => {
    shipped = await loadShipped(name);
    rendered = await Promise.all(answers.map((more) => renderShipped(shipped, { name: "shop", ...more }, { parent, thread })));
  });
  const sets = answers.map((_, index) => index);

  it("asks little and names at most seven concepts", () => {
    const { concepts, version, isInternal } = summarize(shipped.definition);
    expect(concepts.length).toBeGreaterThanOrEqual(4);
    expect(concepts.length).toBeLessThanOrEqual(7);
    expect({ version, isInternal }).toEqual({ version: "1.0.0", isInternal: false });
    expect(pagesOf(shipped.definition)).toHaveLength(1);
  });

  it.each([["-shop"], ["Shop"], ["shop-"], ["9lives"], ["a b"], ["x".repeat(41)], ["../x"], ["shop\n"], [""]])("refuses the name %j", async (wrong) => {
    await expect(validateValues(shipped.definition, { name: wrong }, thread)).rejects.toThrow(/Lower case letters|At least/);
  });

  it.each(sets)("holds everything that a repository needs (answers %i)", (set) => {
    const { names, warnings } = rendered[set] as Rendered;
    expect(warnings).toEqual([]);
    expect(ALWAYS.filter((file) => !names.includes(file))).toEqual([]);
    expect(OF_DATABASE.map((file) => names.includes(file))).toEqual(OF_DATABASE.map(() => hasDatabase[set]));
    expect(listing(rendered[set] as Rendered).filter((line) => !line.startsWith("644 "))).toEqual([]);
  });

  it.each(sets)("leaves no template code behind, and no broken YAML or JSON (answers %i)", (set) => {
    const { names, text, yaml } = rendered[set] as Rendered;
    for (const file of names) {
      if (!file.startsWith(".github/")) expect(text(file), file).not.toMatch(/\$\{\{|\{%/);
      if (/\.ya?ml$/.test(file)) expect(yaml(file).length, file).toBeGreaterThan(0);
      if (file.endsWith(".json")) expect(() => JSON.parse(text(file)), file).not.toThrow();
    }
  });

  it.each(["no", "null", "a", "x".repeat(40)])("stays readable with the name %s", async (odd) => {
    const { names, text, yaml } = await renderShipped(shipped, { name: odd }, { parent, thread });
    expect(JSON.parse(text("package.json"))).toMatchObject({ name: odd, description: "" });
    for (const file of names.filter((candidate) => candidate.endsWith(".yaml"))) {
      for (const document of yaml(file)) {
        if (!document.metadata) continue;
        expect(typeof document.metadata.name, file).toBe("string");
        expect(document.metadata.name, file).toMatch(new RegExp(`^(${odd}(-database|-api|-rules)?|deny-everything)$`));
      }
    }
  });

  it.each(sets)("names owner, system and parts, as the catalog reads it (answers %i)", (set) => {
    const { yaml, text, names } = rendered[set] as Rendered;
    const [component, ...others] = yaml("catalog-info.yaml");
    const isWhole = Object.keys(answers[set] ?? {}).length > 0;
    expect(component).toMatchObject({
      kind: "Component",
      metadata: { name: "shop", description: isWhole ? whole.description : "shop" },
      spec: { type, owner: isWhole ? whole.owner : "user:default/ada" },
    });
    expect(component.spec.system).toBe(isWhole ? whole.system : undefined);
    expect(others.map(({ kind }) => kind)).toEqual([...(names.includes("openapi.yaml") ? ["API"] : []), ...(hasDatabase[set] ? ["Resource"] : [])]);
    expect(text("CODEOWNERS")).toMatch(isWhole ? /^\* +@checkout$/m : /^\* +@ada$/m);
  });

  it.each(sets)("says how it is run (answers %i)", (set) => {
    const { spec } = parseManifest((rendered[set] as Rendered).text("waymark.yaml"));
    expect(spec).toMatchObject({ start: ["node", program], health: "/healthz", ready: "/readyz", database: hasDatabase[set] ? "postgres" : "none", egress: false });
  });

  it.each(sets)("has complete locks that name no registry and are the same for every service (answers %i)", (set) => {
    const { text } = rendered[set] as Rendered;
    for (const folder of ["", "telemetry/"]) {
      const lock = JSON.parse(text(`${folder}package-lock.json`)) as { packages: Record<string, { integrity?: string; dependencies?: object; devDependencies?: object }> };
      const { dependencies, devDependencies } = JSON.parse(text(`${folder}package.json`));
      expect(text(`${folder}package-lock.json`)).not.toMatch(/registry|"resolved"|"shop"/);
      expect(Object.entries(lock.packages).filter(([key, entry]) => key !== "" && !entry.integrity)).toEqual([]);
      expect([lock.packages[""]?.dependencies, lock.packages[""]?.devDependencies]).toEqual([dependencies, devDependencies]);
    }
  });

  it.each(sets)("reaches in the cluster only what it needs (answers %i)", (set) => {
    const { yaml, names } = rendered[set] as Rendered;
    const [, own] = yaml("deploy/base/network-policy.yaml");
    const ports = own.spec.egress.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port));
    expect(ports).toEqual([53, 53, 4318, ...(hasDatabase[set] ? [5432] : [])]);
    const [{ resources }] = yaml("deploy/base/kustomization.yaml");
    const inFolder = names.filter((file) => file.startsWith("deploy/base/")).map((file) => file.slice("deploy/base/".length));
    expect([...resources, "kustomization.yaml"].sort()).toEqual(inFolder.sort());
    if (!hasDatabase[set]) return;
    const [secret] = yaml("deploy/base/external-secret.yaml");
    expect(secret.spec).toMatchObject({ refreshInterval: "1h", target: { name: "shop-database", creationPolicy: "Owner" } });
    expect(yaml("deploy/base/deployment.yaml")[0].metadata.annotations).toEqual({ "reloader.stakater.com/auto": "true" });
  });

  it("gives write rights only to jobs that run after a push, and tokens for signing only to the one that signs", () => {
    const [workflow] = (rendered[0] as Rendered).yaml(".github/workflows/ci.yml");
    const rights = Object.entries<{ permissions?: Record<string, string>; if?: string }>(workflow.jobs).map(([job, { permissions = {} }]) => [
      job,
      Object.keys(permissions).filter((right) => permissions[right] === "write"),
    ]);
    expect(rights).toEqual([
      ["test", []],
      ["image", ["security-events"]],
      ["publish", ["attestations", "id-token", "packages"]],
      ["deploy", ["contents", "deployments", "pull-requests"]],
    ]);
    expect(workflow.jobs.publish.if).toBe("github.event_name == 'push'");
    expect(workflow.jobs.deploy.needs).toBe("publish");
  });

  it("has each file in at most one concern, and files for each", () => {
    const concerns = concernsOf(shipped.definition);
    expect(concerns.map((concern) => concern.name)).toEqual(["pipeline", "image", "manifests", "policy", "telemetry", "documentation", "ownership"]);
    const { names } = rendered[0] as Rendered;
    for (const file of names) expect(concerns.filter(({ files }) => picomatch.isMatch(file, files, { dot: true })).length, file).toBeLessThanOrEqual(1);
    for (const { name: concern, files } of concerns) expect(names.filter((file) => picomatch.isMatch(file, files, { dot: true })).length, concern).toBeGreaterThan(0);
    const free = names.filter((file) => !concerns.some(({ files }) => picomatch.isMatch(file, files, { dot: true })));
    expect(free.filter((file) => /^(deploy|argocd|policy|telemetry|docs|\.github)\//.test(file))).toEqual([]);
  });

  describe("by its own rules", () => {
    let check: (root: string) => { rule: string; file: string; message: string }[];
    beforeAll(async () => {
      const { dir } = rendered[0] as Rendered;
      symlinkSync(path.join(process.cwd(), "node_modules"), path.join(dir, "node_modules"));
      const [{ check: rules }, { readRepository }] = await Promise.all([import(path.join(dir, "policy/rules.js")), import(path.join(dir, "policy/repository.js"))]);
      check = (root) => rules(readRepository(root));
    });

    it.each(sets)("is fine (answers %i)", (set) => expect(check((rendered[set] as Rendered).dir)).toEqual([]));

    it.each<[rule: string, file: string, from: string | RegExp, to: string]>([
      ["no-root", "Dockerfile", "USER 1000:1000", "USER root"],
      ["no-root", "deploy/base/deployment.yaml", "runAsNonRoot: true", "runAsNonRoot: false"],
      ["pinned-image", "Dockerfile", /@sha256:\w+/, ""],
      ["pinned-image", "deploy/overlays/staging/kustomization.yaml", 'newTag: "0.1.0"', "newTag: latest"],
      ["no-plain-secret", "deploy/base/service.yaml", /^/, "apiVersion: v1\nkind: Secret\nmetadata: { name: shop }\nstringData: { password: hunter2 }\n---\n"],
      ["closed-network", "deploy/base/network-policy.yaml", /^[\s\S]*?---\n/, ""],
      ["read-only", "deploy/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"],
      ["no-privileges", "deploy/base/deployment.yaml", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"],
      ["no-cluster-token", "deploy/base/deployment.yaml", "automountServiceAccountToken: false", "automountServiceAccountToken: true"],
      ["limits", "deploy/base/deployment.yaml", "limits:", "limitations:"],
      ["probes", "deploy/base/deployment.yaml", "readinessProbe:", "unreadyProbe:"],
      ["pinned-action", ".github/workflows/ci.yml", /setup-node@\w{40}/, "setup-node@v6"],
      ["narrow-workflow", ".github/workflows/deploy.yml", "permissions:\n  contents: read", "permissions:\n  contents: write"],
      ["checked-image", ".github/workflows/ci.yml", "anchore/sbom-action", "anchore/no-action"],
      ["owner", "catalog-info.yaml", /owner: .*/, "owner:"],
    ])("a changed copy is refused by %s (%s)", (rule, file, from, to) => {
      const { dir, names } = rendered[0] as Rendered;
      const copy = mkdtempSync(path.join(parent, "copy-"));
      for (const name of names) cpSync(path.join(dir, name), path.join(copy, name));
      const before = readFileSync(path.join(copy, file), "utf8");
      writeFileSync(path.join(copy, file), before.replace(from, to));
      expect(readFileSync(path.join(copy, file), "utf8")).not.toBe(before);
      expect([...new Set(check(copy).map((finding) => finding.rule))]).toEqual([rule]);
    });
  });
});
