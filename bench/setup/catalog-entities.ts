import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

// The same catalog at each run, of the shape of a company's: 60 % components, 15 % APIs, 10 % resources, 7 % groups, 5 % systems,
// 2 % users, 1 % domains; every reference exists.

interface GeneratedEntity {
  kind: string;
  metadata: { name: string } & Record<string, unknown>;
  spec: Record<string, unknown>;
}

const ADJECTIVES = "amber brisk calm daring eager fuzzy gentle hidden icy jolly keen lunar mellow noble opal proud quiet rapid solar tidy".split(" ");
const NOUNS =
  "billing checkout ledger search profile catalog inventory shipping payment notification identity session report invoice pricing fraud ranking mailer gateway webhook".split(" ");
const TAGS = "java go typescript python rust kafka postgres redis grpc rest batch pci gdpr tier1 tier2 frontend ml".split(" ");
const LIFECYCLES = ["production", "production", "production", "experimental", "deprecated"];

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const share = (n: number, part: number) => Math.max(1, Math.round(n * part));
const nameOf = (prefix: string, index: number) => `${prefix}-${String(index).padStart(5, "0")}`;
const wordsOf = (index: number) => `${ADJECTIVES[index % ADJECTIVES.length]} ${NOUNS[Math.floor(index / ADJECTIVES.length) % NOUNS.length]}`;

/** `n` entities. */
export function* catalogEntities(n: number): Generator<GeneratedEntity> {
  const random = randomFrom(1);
  const int = (max: number) => Math.floor(random() * max);
  const pick = <T>(list: T[]): T => list[int(list.length)] as T;
  const some = <T>(max: number, make: () => T) => [...new Set(Array.from({ length: int(max + 1) }, make))];
  const counts = { domain: share(n, 0.01), system: share(n, 0.05), group: share(n, 0.07), user: share(n, 0.02), resource: share(n, 0.1), api: share(n, 0.15) };
  const owner = () => nameOf("team", int(counts.group));
  const system = () => nameOf("system", int(counts.system));
  const tags = (max: number) => some(max, () => pick(TAGS));
  const annotations = (slug: string) => ({
    "github.com/project-slug": `acme/${slug}`,
    "backstage.io/source-location": `url:https://github.com/acme/${slug}/tree/main/`,
    "backstage.io/techdocs-ref": "dir:.",
  });

  for (let i = 0; i < counts.group; i++) {
    const name = nameOf("team", i);
    const profile = { displayName: `Team ${wordsOf(i)}`, email: `${name}@example.com` };
    const parent = i > 0 ? { parent: nameOf("team", Math.floor((i - 1) / 8)) } : {};
    yield {
      kind: "Group",
      metadata: { name, title: `Team ${wordsOf(i)}`, description: `Owns ${wordsOf(i + 3)} and ${wordsOf(i + 7)}.`, tags: tags(2) },
      spec: { type: "team", profile, ...parent, children: [] },
    };
  }
  for (let i = 0; i < counts.user; i++)
    yield { kind: "User", metadata: { name: nameOf("user", i) }, spec: { profile: { displayName: `User ${wordsOf(i)}` }, memberOf: [owner()] } };
  for (let i = 0; i < counts.domain; i++) {
    yield {
      kind: "Domain",
      metadata: { name: nameOf("domain", i), title: `Domain ${wordsOf(i)}`, description: `Everything about ${wordsOf(i + 1)}.` },
      spec: { owner: `group:default/${owner()}` },
    };
  }
  for (let i = 0; i < counts.system; i++) {
    const metadata = { name: nameOf("system", i), title: `System ${wordsOf(i)}`, description: `Groups the ${wordsOf(i + 2)} parts.`, tags: tags(2) };
    yield { kind: "System", metadata, spec: { owner: `group:default/${owner()}`, domain: nameOf("domain", int(counts.domain)) } };
  }
  for (let i = 0; i < counts.resource; i++) {
    const metadata = {
      name: nameOf("resource", i),
      description: `Stores data for ${wordsOf(i)}.`,
      tags: tags(2),
      labels: { "example.com/region": pick(["eu-west-1", "us-east-1"]) },
    };
    const dependsOn = i > 0 ? some(1, () => `resource:default/${nameOf("resource", int(i))}`) : [];
    yield { kind: "Resource", metadata, spec: { type: pick(["database", "s3-bucket", "queue", "cache", "cluster"]), owner: owner(), system: system(), dependsOn } };
  }
  for (let i = 0; i < counts.api; i++) {
    const name = nameOf("api", i);
    const type = pick(["openapi", "openapi", "grpc", "asyncapi", "graphql"]);
    const definition = `openapi: 3.0.3\ninfo:\n  title: ${wordsOf(i)}\n  version: 1.${i}.0\npaths:\n  /v1/items:\n    get:\n      summary: List items of ${wordsOf(i)}\n`;
    const metadata = { name, title: `${wordsOf(i)} API`, description: `Public contract of ${wordsOf(i)}.`, tags: tags(3), annotations: annotations(name) };
    yield { kind: "API", metadata, spec: { type, lifecycle: pick(LIFECYCLES), owner: owner(), system: system(), definition } };
  }
  const components = n - Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < components; i++) {
    const name = nameOf("component", i);
    const metadata = {
      name,
      title: `${wordsOf(i)} ${i}`,
      description: `Handles ${wordsOf(i)} requests for ${wordsOf(i + 11)}; ${pick(["runs in two regions", "owned since 2019", "scheduled for a rewrite", "critical path"])}.`,
      tags: tags(4),
      labels: { "example.com/tier": String(1 + int(4)), "example.com/language": pick(["java", "go", "ts", "py"]) },
      annotations: { ...annotations(name), "pagerduty.com/integration-key": `pd${i}` },
      links: [{ url: `https://grafana.example.com/d/${name}`, title: "Dashboard", icon: "dashboard" }],
    };
    const spec = {
      type: pick(["service", "service", "service", "website", "library", "documentation"]),
      lifecycle: pick(LIFECYCLES),
      owner: owner(),
      system: system(),
      providesApis: i < counts.api ? [nameOf("api", i)] : [],
      consumesApis: some(3, () => nameOf("api", int(counts.api))),
      dependsOn: [
        ...some(2, () => `resource:default/${nameOf("resource", int(counts.resource))}`),
        ...(i > 0 ? some(2, () => `component:default/${nameOf("component", int(i))}`) : []),
      ],
    };
    yield { kind: "Component", metadata, spec };
  }
}

/** Block style, as people write it; texts in double quotes. */
function yamlOf(value: object, indent = ""): string {
  const key = (name: string) => (/^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name));
  return Object.entries(value)
    .map(([name, inner]: [string, unknown]) => {
      const head = `${indent}${key(name)}:`;
      if (Array.isArray(inner)) return inner.length ? `${head}\n${inner.map((item) => itemOf(item, indent)).join("\n")}` : `${head} []`;
      return typeof inner === "object" && inner !== null ? `${head}\n${yamlOf(inner, `${indent}  `)}` : `${head} ${JSON.stringify(inner)}`;
    })
    .join("\n");
}

const itemOf = (item: unknown, indent: string) =>
  typeof item === "object" && item !== null ? `${indent}  - ${yamlOf(item, `${indent}    `).trimStart()}` : `${indent}  - ${JSON.stringify(item)}`;

const PER_FILE = 500;

/** Writes the catalog as files of 500 documents into a folder. */
export function writeCatalog(folder: string, n: number): void {
  mkdirSync(folder, { recursive: true });
  let documents: string[] = [];
  let files = 0;
  const flush = () => {
    if (documents.length) writeFileSync(path.join(folder, `part-${String(files++).padStart(4, "0")}.yaml`), `${documents.join("\n---\n")}\n`);
    documents = [];
  };
  for (const entity of catalogEntities(n)) {
    documents.push(yamlOf({ apiVersion: "backstage.io/v1alpha1", ...entity }));
    if (documents.length === PER_FILE) flush();
  }
  flush();
}
