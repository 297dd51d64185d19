// Filters that v1beta3 templates expect beside the built-in ones; same results as Backstage's.

const RESERVED = new Set(["__proto__", "constructor", "prototype"]);
const EXAMPLE = "github.com?owner=acme&repo=shop";

/** `host?owner=o&repo=r[&organization=…][&workspace=…][&project=…]`, as a repository picker gives it. */
function parseRepoUrl(url) {
  if (typeof url !== "string" || !URL.canParse(`https://${url}`)) throw new TypeError(`parseRepoUrl needs a text such as ${EXAMPLE}`);
  const { host, searchParams } = new URL(`https://${url}`);
  const spec = { host };
  for (const name of ["owner", "repo", "organization", "workspace", "project"]) {
    const value = searchParams.get(name)?.replace(/^\/+/, "").replace(/\/+$/, "");
    if (value) spec[name] = value;
  }
  if (!spec.repo) throw new TypeError(`parseRepoUrl needs repo=…, such as ${EXAMPLE}`);
  return spec;
}

function projectSlug(url) {
  const { owner, repo } = parseRepoUrl(url);
  if (!owner) throw new TypeError(`projectSlug needs owner=…, such as ${EXAMPLE}`);
  return `${owner}/${repo}`;
}

function parseEntityRef(ref, defaults) {
  const parts = typeof ref === "string" ? splitRef(ref) : ref;
  const kind = parts?.kind ?? defaults?.defaultKind;
  const namespace = parts?.namespace ?? defaults?.defaultNamespace ?? "default";
  if (!parts?.name || !kind) throw new TypeError("parseEntityRef needs a reference such as component:default/shop");
  return { kind, namespace, name: parts.name };
}

function splitRef(ref) {
  const slash = ref.indexOf("/");
  const colon = slash >= 0 && slash < ref.indexOf(":") ? -1 : ref.indexOf(":");
  const parts = { name: ref.slice(Math.max(colon, slash) + 1) };
  if (colon >= 0) parts.kind = ref.slice(0, colon);
  if (slash >= 0) parts.namespace = ref.slice(colon + 1, slash);
  return parts.kind === "" || parts.namespace === "" ? null : parts;
}

/** Own members only, by `a.b[0].c`. */
function pick(value, path) {
  const keys = String(path ?? "")
    .split(/[.[\]]/)
    .filter(Boolean);
  return keys.reduce((node, key) => (isOwn(node, key) ? node[key] : undefined), value);
}

function isOwn(node, key) {
  return typeof node === "object" && node !== null && !RESERVED.has(key) && Object.hasOwn(node, key);
}

export const filters = { parseRepoUrl, projectSlug, parseEntityRef, pick };
