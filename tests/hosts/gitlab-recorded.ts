import type { Description, Operation } from "@/tests/github/description";

// GitLab's operations as its REST documentation lists their attributes (docs.gitlab.com/api, version 18). Its OpenAPI file is two
// megabytes and leaves members out, so this is a record of the pages: members that are not named here are refused by the double.

const text = { type: "string" };
const flag = { type: "boolean" };
const number = { type: "integer" };
const body = (properties: Record<string, object>, required: string[] = []) => ({ type: "object", properties, required, additionalProperties: false });
const loose = (properties: Record<string, object>, required: string[]) => ({ type: "object", properties, required });
const PROJECT = loose({ id: number, path_with_namespace: text, web_url: text, http_url_to_repo: text, archived: flag, empty_repo: flag, visibility: text }, [
  "id",
  "path_with_namespace",
  "web_url",
  "http_url_to_repo",
]);
const CHANGE = loose({ iid: number, title: text, web_url: text, source_branch: text, target_branch: text, state: text }, ["iid", "title", "web_url", "source_branch"]);
const VISIBILITY = { enum: ["private", "internal", "public"] };
const SETTINGS = {
  name: text,
  path: text,
  description: text,
  default_branch: text,
  visibility: VISIBILITY,
  topics: { type: "array", items: text },
  auto_devops_enabled: flag,
  ci_config_path: text,
  merge_method: { enum: ["merge", "rebase_merge", "ff"] },
  squash_option: { enum: ["never", "always", "default_on", "default_off"] },
  only_allow_merge_if_all_discussions_are_resolved: flag,
  only_allow_merge_if_pipeline_succeeds: flag,
  allow_merge_on_skipped_pipeline: flag,
};
const VARIABLE = {
  key: { type: "string", maxLength: 255 },
  value: text,
  description: text,
  variable_type: { enum: ["env_var", "file"] },
  protected: flag,
  masked: flag,
  masked_and_hidden: flag,
  raw: flag,
  environment_scope: text,
};
const { key: _key, masked_and_hidden: _hidden, ...CHANGED } = VARIABLE;

type Row = [id: string, method: string, route: string, answers: Record<string, object | null>, body?: object, query?: Record<string, object>];
const ROWS: Row[] = [
  ["user", "GET", "/user", { 200: loose({ id: number, username: text }, ["id", "username"]) }],
  ["namespace", "GET", "/namespaces/{id}", { 200: loose({ id: number, path: text, kind: text, full_path: text }, ["id", "path", "kind"]) }],
  ["project", "GET", "/projects/{id}", { 200: PROJECT }],
  ["create-project", "POST", "/projects", { 201: PROJECT }, body({ ...SETTINGS, namespace_id: number, initialize_with_readme: flag }, ["name"])],
  ["edit-project", "PUT", "/projects/{id}", { 200: PROJECT }, body(SETTINGS)],
  ["archive-project", "POST", "/projects/{id}/archive", { 201: PROJECT }],
  ["protected-branch", "GET", "/projects/{id}/protected_branches/{name}", { 200: loose({ name: text }, ["name"]) }],
  [
    "protect-branch",
    "POST",
    "/projects/{id}/protected_branches",
    { 201: loose({ name: text }, ["name"]) },
    body({ name: text, push_access_level: number, merge_access_level: number, unprotect_access_level: number, allow_force_push: flag }, ["name"]),
  ],
  ["branch", "GET", "/projects/{id}/repository/branches/{branch}", { 200: loose({ name: text }, ["name"]) }],
  ["create-branch", "POST", "/projects/{id}/repository/branches", { 201: loose({ name: text }, ["name"]) }, body({ branch: text, ref: text }, ["branch", "ref"])],
  ["create-variable", "POST", "/projects/{id}/variables", { 201: loose({ key: text }, ["key"]) }, body(VARIABLE, ["key", "value"])],
  ["edit-variable", "PUT", "/projects/{id}/variables/{key}", { 200: loose({ key: text }, ["key"]) }, body(CHANGED, ["value"]), { "filter[environment_scope]": text }],
  ["list-changes", "GET", "/projects/{id}/merge_requests", { 200: { type: "array", items: CHANGE } }, undefined, { state: text, per_page: number, source_branch: text }],
  [
    "create-change",
    "POST",
    "/projects/{id}/merge_requests",
    { 201: CHANGE },
    body({ source_branch: text, target_branch: text, title: text, description: text, remove_source_branch: flag, labels: text }, ["source_branch", "target_branch", "title"]),
  ],
  [
    "edit-change",
    "PUT",
    "/projects/{id}/merge_requests/{iid}",
    { 200: CHANGE },
    body({ title: text, description: text, state_event: { enum: ["close", "reopen"] }, target_branch: text }),
  ],
];

export const GITLAB: Description = {
  source: "docs.gitlab.com/api, attributes of each operation, version 18",
  operations: ROWS.map(
    ([id, method, route, answers, shape, query = {}]): Operation => ({ id, method, route, query, answers, ...(shape ? { body: shape, bodyRequired: true } : {}) }),
  ),
  definitions: {},
};
