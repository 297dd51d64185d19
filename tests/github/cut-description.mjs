// Cuts GitHub's OpenAPI description (npm @octokit/openapi, MIT) down to the operations that Waymark uses, closed: a member
// that the description does not declare is refused. Usage: node tests/github/cut-description.mjs <folder of the package>
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const OPERATIONS = [
  "get /app",
  "get /orgs/{org}/installation",
  "get /users/{username}/installation",
  "post /app/installations/{installation_id}/access_tokens",
  "get /user",
  "get /users/{username}",
  "get /rate_limit",
  "post /orgs/{org}/repos",
  "post /user/repos",
  "get /repos/{owner}/{repo}",
  "patch /repos/{owner}/{repo}",
  "delete /repos/{owner}/{repo}",
  "put /repos/{owner}/{repo}/topics",
  "get /orgs/{org}/repos",
  "get /users/{username}/repos",
  "get /repos/{owner}/{repo}/branches/{branch}",
  "get /repos/{owner}/{repo}/git/trees/{tree_sha}",
  "get /repos/{owner}/{repo}/git/blobs/{file_sha}",
  "get /repos/{owner}/{repo}/teams",
  "put /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}",
  "get /repos/{owner}/{repo}/rulesets",
  "post /repos/{owner}/{repo}/rulesets",
  "put /repos/{owner}/{repo}/rulesets/{ruleset_id}",
  "get /repos/{owner}/{repo}/actions/workflows/{workflow_id}",
  "post /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
  "get /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
  "get /repos/{owner}/{repo}/actions/runs/{run_id}",
  "get /repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
  "get /repos/{owner}/{repo}/actions/jobs/{job_id}/logs",
  "post /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
  "get /repos/{owner}/{repo}/pulls",
  "post /repos/{owner}/{repo}/pulls",
  "patch /repos/{owner}/{repo}/pulls/{pull_number}",
  "post /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
  "post /repos/{owner}/{repo}/issues/{issue_number}/assignees",
  "get /repos/{owner}/{repo}/issues",
  "post /repos/{owner}/{repo}/issues",
  "post /repos/{owner}/{repo}/issues/{issue_number}/labels",
  "get /repos/{owner}/{repo}/hooks",
  "post /repos/{owner}/{repo}/hooks",
  "delete /repos/{owner}/{repo}/hooks/{hook_id}",
  "get /repos/{owner}/{repo}/keys",
  "post /repos/{owner}/{repo}/keys",
  "get /repos/{owner}/{repo}/actions/secrets/public-key",
  "put /repos/{owner}/{repo}/actions/secrets/{secret_name}",
  "post /repos/{owner}/{repo}/actions/variables",
  "patch /repos/{owner}/{repo}/actions/variables/{name}",
  "put /repos/{owner}/{repo}/collaborators/{username}",
  "get /orgs/{org}/teams/{team_slug}",
  "get /repos/{owner}/{repo}/autolinks",
  "post /repos/{owner}/{repo}/autolinks",
  "put /repos/{owner}/{repo}/environments/{environment_name}",
  "post /repos/{owner}/{repo}/environments/{environment_name}/variables",
  "patch /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}",
  "get /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key",
  "put /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}",
  "get /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
  "post /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
  "get /repos/{owner}/{repo}/pages",
  "post /repos/{owner}/{repo}/pages",
  "put /repos/{owner}/{repo}/branches/{branch}/protection",
  "post /repos/{owner}/{repo}/branches/{branch}/protection/required_signatures",
];
const WORDS = new Set(["description", "example", "examples", "externalDocs", "title", "deprecated", "readOnly", "x-multi-segment", "x-github-breaking-changes"]);

const folder = process.argv[2];
if (!folder) throw new Error("Name the folder of the unpacked package @octokit/openapi.");
const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
const full = JSON.parse(readFileSync(path.join(folder, "generated/api.github.com.json"), "utf8"));
const definitions = {};
const operations = OPERATIONS.map((name) => cut(...name.split(" ")));
const out = { source: `@octokit/openapi ${version}, MIT, generated/api.github.com.json`, operations, definitions };
writeFileSync(path.join(import.meta.dirname, "description.json"), `${JSON.stringify(out)}\n`);

function cut(method, route) {
  const operation = full.paths[route]?.[method];
  if (!operation) throw new Error(`${method} ${route} is not described`);
  const parameters = [...(full.paths[route].parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
  const query = parameters.filter((parameter) => parameter.in === "query");
  const body = operation.requestBody ? resolve(operation.requestBody).content?.["application/json"]?.schema : undefined;
  const answers = Object.entries(operation.responses).flatMap(([status, response]) => {
    const schema = resolve(response).content?.["application/json"]?.schema;
    return [[status, schema ? convert(schema, false) : null]];
  });
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    route,
    query: Object.fromEntries(query.map((parameter) => [parameter.name, convert(parameter.schema, false)])),
    ...(body ? { body: convert(body, true), bodyRequired: resolve(operation.requestBody).required === true } : {}),
    answers: Object.fromEntries(answers),
  };
}

function resolve(value) {
  if (!value?.$ref) return value;
  return value.$ref
    .slice(2)
    .split("/")
    .reduce((at, key) => at[key], full);
}

/** OpenAPI 3.0 to JSON Schema; `closed` refuses undeclared members wherever members are declared. */
function convert(schema, closed) {
  if (Array.isArray(schema)) return schema.map((entry) => convert(entry, closed));
  if (typeof schema !== "object" || schema === null) return schema;
  if (schema.$ref) return { $ref: `#/definitions/${define(schema.$ref, closed)}` };
  const entries = Object.entries(schema).filter(([key]) => !WORDS.has(key) && key !== "nullable");
  const plain = Object.fromEntries(entries.map(([key, value]) => [key, key === "properties" ? members(value, closed) : key === "enum" ? value : convert(value, closed)]));
  if (closed && plain.properties && !plain.anyOf && !plain.oneOf && !plain.allOf && plain.additionalProperties === undefined) plain.additionalProperties = false;
  return schema.nullable ? { anyOf: [plain, { type: "null" }] } : plain;
}

function members(properties, closed) {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, convert(value, closed)]));
}

function define(ref, closed) {
  const name = `${ref.split("/").pop()}${closed ? "-closed" : ""}`;
  if (definitions[name] === undefined) {
    definitions[name] = {};
    definitions[name] = convert(resolve({ $ref: ref }), closed);
  }
  return name;
}
