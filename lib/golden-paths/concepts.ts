import { asSchema, type Schema } from "@/lib/core/schema-messages";

// What a developer must know to use a golden path is read off the path itself, because nobody keeps a list honest by hand:
// - each question that is shown, those of the largest branch included; a question marked `ui:advanced` with a default is folded away
//   and counts nothing; a hidden one neither
// - one more for a choice among many, since one must know what tells them apart
// - each term of somebody else's product or field that the questions use
// - each thing that the output tells people to do by hand afterwards

/** Up to this many options can be told apart by reading them. */
const READABLE_CHOICES = 5;

/** Terms that are not of this platform: whoever does not know them cannot answer. */
const TERMS = [
  ...["Kubernetes", "Helm", "Kustomize", "Terraform", "Crossplane", "Argo CD", "Flux", "Docker", "Dockerfile", "Ingress", "Istio", "Kafka", "RabbitMQ", "Redis", "Elasticsearch"],
  ...[
    "Postgres",
    "PostgreSQL",
    "MySQL",
    "MongoDB",
    "DynamoDB",
    "S3",
    "SQS",
    "Lambda",
    "GraphQL",
    "gRPC",
    "OpenAPI",
    "Protobuf",
    "Prometheus",
    "Grafana",
    "OpenTelemetry",
    "SonarQube",
  ],
  ...[
    "OAuth",
    "OIDC",
    "SAML",
    "Vault",
    "IAM",
    "ARN",
    "VPC",
    "CIDR",
    "TLS",
    "DNS",
    "RBAC",
    "KMS",
    "CRD",
    "Jira",
    "PagerDuty",
    "Datadog",
    "Snyk",
    "Artifactory",
    "Nexus",
    "Maven",
    "Gradle",
  ],
  ...["Jenkins", "CircleCI", "GitHub Actions", "GitLab CI", "Backstage", "Cookiecutter"],
];
const TERM = new RegExp(`(?<![\\w-])(${TERMS.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\w-])`, "gi");

/** The concepts in the order in which people meet them, each once. */
export function conceptsOf(pages: Schema[], output: unknown): string[] {
  const found = new Map<string, string>();
  const add = (concept: string) => {
    const text = concept.trim().slice(0, 80);
    if (text && !found.has(text.toLowerCase())) found.set(text.toLowerCase(), text);
  };
  for (const page of pages) for (const question of questionsOf(page, 0)) add(question);
  for (const page of pages) for (const text of shownTexts(page, 0)) for (const [term = ""] of text.matchAll(TERM)) add(nameOf(term));
  for (const item of followUps(output)) add(item);
  return [...found.values()];
}

const nameOf = (written: string) => TERMS.find((term) => term.toLowerCase() === written.toLowerCase()) ?? written;

function questionsOf(schema: Schema, depth: number): string[] {
  if (depth > 20) return [];
  const own = Object.entries(asSchema(schema.properties)).flatMap(([name, raw]) => questionOf(name, asSchema(raw), depth));
  const lists = ["oneOf", "anyOf"].map((key) => largest(listOf(schema[key]), depth));
  const all = listOf(schema.allOf).flatMap((one) => questionsOf(one, depth + 1));
  // Only branches that are there: going into absent ones would double the work with every level.
  const conditional = largest([schema.then, schema.else].filter((one) => one !== undefined).map(asSchema), depth);
  const dependent = Object.values(asSchema(schema.dependencies)).flatMap((raw) => (Array.isArray(raw) ? [] : questionsOf(asSchema(raw), depth + 1)));
  return [...own, ...all, ...lists.flat(), ...conditional, ...dependent];
}

function questionOf(name: string, property: Schema, depth: number): string[] {
  // A branch repeats the question that leads to it, with the answer that it is for.
  const isCondition = "const" in property || (Array.isArray(property.enum) && property.type === undefined && property.title === undefined);
  const isFolded = isAdvanced(property) && property.default !== undefined;
  if (isCondition || isFolded || property["ui:widget"] === "hidden") return [];
  const inside = questionsOf(property, depth + 1);
  if (inside.length > 0) return inside;
  const title = typeof property.title === "string" ? property.title : name;
  const choices = Array.isArray(property.enum) ? property.enum.length : listOf(property.oneOf).length;
  return choices > READABLE_CHOICES ? [title, `${title}: ${choices} choices`] : [title];
}

/** True for a question that the form folds away. */
const isAdvanced = (property: Schema) => property["ui:advanced"] === true || asSchema(property["ui:options"]).advanced === true;

function largest(branches: Schema[], depth: number): string[] {
  return branches.map((branch) => questionsOf(branch, depth + 1)).reduce((most, one) => (one.length > most.length ? one : most), []);
}

const listOf = (value: unknown): Schema[] => (Array.isArray(value) ? value.map(asSchema) : []);

/** Texts of the form that people read. */
function* shownTexts(node: unknown, depth: number): Generator<string> {
  if (depth > 20 || typeof node !== "object" || node === null) return;
  if (asSchema(node)["ui:widget"] === "hidden") return;
  for (const [key, value] of Object.entries(node)) {
    if (["title", "description", "ui:help", "ui:description", "enumNames"].includes(key)) for (const text of [value].flat()) if (typeof text === "string") yield text;
    if (typeof value === "object") yield* shownTexts(value, depth + 1);
  }
}

function followUps(output: unknown): string[] {
  const items = asSchema(output).text;
  if (!Array.isArray(items)) return [];
  return items.map((item) => {
    const { title, content } = asSchema(item);
    return `Afterwards: ${typeof title === "string" ? title : String(content ?? "").split("\n")[0]}`;
  });
}

export interface ConceptException {
  /** The last day on which a version may be published with it, `YYYY-MM-DD`. */
  until: string;
  reason: string;
}

export const EXCEPTION_ANNOTATION = "waymark.dev/concepts-exception";

/** Reads `until 2027-03-31: why`; null where it is written otherwise. */
export function readException(text: string): ConceptException | null {
  const [, until = "", reason = ""] = /^until (\d{4}-\d\d-\d\d): (.{10,300})$/s.exec(text.trim()) ?? [];
  return until && !Number.isNaN(Date.parse(until)) ? { until, reason: reason.trim() } : null;
}
