// Cuts the hosts' own descriptions (Swagger 2) down to the operations that Waymark uses, closed: a member that the description does
// not declare is refused. Usage: node tests/hosts/cut-descriptions.mjs <folder with gitea.json, bitbucket.json, azure.json, azure-policy.json, azure-core.json>
// Where they come from: Gitea serves its own at /swagger.v1.json, Bitbucket at https://api.bitbucket.org/swagger.json, Microsoft
// publishes its own as MicrosoftDocs/vsts-rest-api-specs (specification/git/7.1 and its neighbours).
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const HOSTS = {
  gitea: {
    files: ["gitea.json"],
    operations: [
      "get /user",
      "get /orgs/{org}",
      "get /repos/{owner}/{repo}",
      "post /orgs/{org}/repos",
      "post /user/repos",
      "patch /repos/{owner}/{repo}",
      "put /repos/{owner}/{repo}/topics",
      "get /repos/{owner}/{repo}/branch_protections",
      "post /repos/{owner}/{repo}/branch_protections",
      "get /repos/{owner}/{repo}/pulls",
      "post /repos/{owner}/{repo}/pulls",
      "patch /repos/{owner}/{repo}/pulls/{index}",
    ],
  },
  bitbucket: {
    files: ["bitbucket.json"],
    operations: [
      "get /workspaces/{workspace}",
      "get /workspaces/{workspace}/projects/{project_key}",
      "get /repositories/{workspace}/{repo_slug}",
      "post /repositories/{workspace}/{repo_slug}",
      "put /repositories/{workspace}/{repo_slug}",
      "get /repositories/{workspace}/{repo_slug}/branch-restrictions",
      "post /repositories/{workspace}/{repo_slug}/branch-restrictions",
      "get /repositories/{workspace}/{repo_slug}/pullrequests",
      "post /repositories/{workspace}/{repo_slug}/pullrequests",
      "put /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
      "post /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline",
    ],
  },
  azure: {
    files: ["azure.json", "azure-policy.json", "azure-core.json"],
    operations: [
      "get /{organization}/_apis/projects/{projectId}",
      "get /{organization}/{project}/_apis/git/repositories/{repositoryId}",
      "post /{organization}/{project}/_apis/git/repositories",
      "patch /{organization}/{project}/_apis/git/repositories/{repositoryId}",
      "get /{organization}/{project}/_apis/policy/configurations",
      "post /{organization}/{project}/_apis/policy/configurations",
      "get /{organization}/{project}/_apis/git/repositories/{repositoryId}/pullrequests",
      "post /{organization}/{project}/_apis/git/repositories/{repositoryId}/pullrequests",
      "patch /{organization}/{project}/_apis/git/repositories/{repositoryId}/pullrequests/{pullRequestId}",
    ],
  },
};
const WORDS = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "title",
  "deprecated",
  "readOnly",
  "x-go-name",
  "x-go-package",
  "discriminator",
  "x-ms-enum",
  "x-ms-secret",
  "xml",
]);

/** Any JSON: the settings of a policy differ by its kind. */
const OPEN = new Set(["JObject"]);
/** Members that the host's pages document and its description leaves out. */
const BESIDE = {
  branchrestriction: { kind: { type: "string" }, branch_match_kind: { enum: ["glob", "branching_model"] }, pattern: { type: "string" } },
  pullrequest: { description: { type: "string" } },
};
const beside = (name, schema) => (BESIDE[name] ? { allOf: [schema, { properties: BESIDE[name] }] } : schema);

const folder = process.argv[2];
if (!folder) throw new Error("Name the folder with the descriptions.");
for (const [host, { files, operations }] of Object.entries(HOSTS)) {
  const documents = files.map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8").replace(/^\uFEFF/, "")));
  const definitions = {};
  const cut = operations.map((name) => {
    const [method, route] = name.split(" ");
    const found = documents.find((one) => one.paths[route]?.[method]);
    if (!found) throw new Error(`${host}: ${name} is not described`);
    return operation(found, method, route, definitions);
  });
  const source = documents.map(({ info }) => `${info.title} ${info.version}`).join(", ");
  writeFileSync(path.join(import.meta.dirname, `${host}.json`), `${JSON.stringify({ source, operations: cut, definitions })}\n`);
}

function operation(full, method, route, definitions) {
  const resolve = (value) =>
    value?.$ref
      ? value.$ref
          .slice(2)
          .split("/")
          .reduce((at, key) => at[key], full)
      : value;
  const { parameters = [], responses, operationId } = full.paths[route][method];
  const all = [...(full.paths[route].parameters ?? []), ...parameters].map(resolve);
  const body = all.find((one) => one.in === "body");
  const convert = (schema, closed) => {
    if (Array.isArray(schema)) return schema.map((entry) => convert(entry, closed));
    if (typeof schema !== "object" || schema === null) return schema;
    if (schema.$ref) {
      const name = `${schema.$ref.split("/").pop()}${closed ? "-closed" : ""}`;
      if (definitions[name] === undefined) {
        definitions[name] = {};
        const known = schema.$ref.split("/").pop();
        definitions[name] = OPEN.has(known) && closed ? { type: "object" } : convert(beside(known, resolve(schema)), closed);
      }
      return { $ref: `#/definitions/${name}` };
    }
    if (closed && schema.allOf) return convert(flat(schema), closed);
    const plain = {};
    for (const [key, value] of Object.entries(schema)) {
      if (WORDS.has(key) || key.startsWith("x-")) continue;
      // Of answers only the kinds of values count: what a host leaves out or calls null differs from what it declares.
      if (!closed && (key === "required" || key === "enum" || key === "format" || key === "pattern")) continue;
      plain[key] =
        key === "properties" ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, closed)])) : key === "enum" ? value : convert(value, closed);
    }
    if (closed && plain.properties) plain.additionalProperties = false;
    if (!closed) delete plain.additionalProperties;
    return !closed && plain.type ? { anyOf: [plain, { type: "null" }] } : plain;
  };
  /** The members of all parts together, so that they can be closed. */
  const flat = (schema) => {
    const parts = schema.allOf.map((part) => {
      const whole = resolve(part);
      return whole.allOf ? flat(whole) : whole;
    });
    return { type: "object", properties: Object.assign({}, schema.properties ?? {}, ...parts.map((part) => part.properties ?? {})) };
  };
  return {
    id: (operationId ?? `${method} ${route}`).replace(/ Repository$| Pull Requests$/, ""),
    method: method.toUpperCase(),
    route,
    query: Object.fromEntries(all.filter((one) => one.in === "query").map((one) => [one.name, convert({ type: one.type, items: one.items }, false)])),
    ...(body ? { body: convert(body.schema, true), bodyRequired: body.required === true } : {}),
    answers: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => {
        const { schema } = resolve(response);
        // Microsoft describes lists without what they come in: {"count": …, "value": […]}.
        const isWrapped = schema?.type === "array" && full.host === "dev.azure.com";
        return [status, schema ? (isWrapped ? { type: "object", properties: { value: convert(schema, false) }, required: ["value"] } : convert(schema, false)) : null];
      }),
    ),
  };
}
