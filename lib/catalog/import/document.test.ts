import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  DefaultNamespaceEntityPolicy,
  domainEntityV1alpha1Validator,
  type Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  NoForeignRootFieldsEntityPolicy,
  parseEntityRef,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  stringifyEntityRef,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
} from "@backstage/catalog-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatRef, parseRef } from "../ref";
import { readEntity } from "./document";

const policy = EntityPolicies.allOf([new SchemaValidEntityPolicy(), new DefaultNamespaceEntityPolicy(), new NoForeignRootFieldsEntityPolicy(), new FieldFormatEntityPolicy()]);
const validators = [
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
];

/** Whether Backstage's own model takes the document. */
async function backstageAccepts(document: unknown): Promise<boolean> {
  try {
    const entity = (await policy.enforce(structuredClone(document) as Entity)) as Entity;
    for (const validator of validators) if (await validator.check(entity)) return true;
    return false;
  } catch {
    return false;
  }
}

const base = (kind: string, spec: unknown, metadata: Record<string, unknown> = {}) => ({
  apiVersion: "backstage.io/v1alpha1",
  kind,
  metadata: { name: "a-name", ...metadata },
  spec,
});

test("people and teams are called as their profile has it, unless they have a title", () => {
  const titleOf = (document: unknown) => {
    const read = readEntity(document);
    return "draft" in read ? read.draft.title : read.refusal;
  };
  const profile = { displayName: "Dora Ölmühle" };
  expect(titleOf(base("User", { profile, memberOf: [] }))).toBe("Dora Ölmühle");
  expect(titleOf(base("Group", { type: "team", children: [], profile }, { title: "Bakers" }))).toBe("Bakers");
  expect(titleOf(base("System", { owner: "o", profile }))).toBe("a-name");
});

const GOOD = [
  base("Component", { type: "service", lifecycle: "-", owner: "john@example.com", system: "s", dependsOn: ["resource:db"], dependencyOf: ["component:x"], anything: { else: 1 } }),
  base("API", { type: "openapi", lifecycle: "production", owner: "user:guest", definition: "openapi: 3.1.0" }),
  base("Resource", { type: "database", owner: "group:org/team" }),
  base("System", { owner: "team_a" }),
  base("Domain", { owner: "team", subdomainOf: "other" }),
  base("Group", { type: "team", children: [], profile: { displayName: "T" }, members: ["ada"] }),
  base("User", { memberOf: [] }),
  base("Location", {}),
  base("Location", { type: "url", targets: ["./plugins/**/catalog-info.yaml"], rules: [{ allow: ["Component"] }] }),
  base(
    "Component",
    { type: "t", lifecycle: "l", owner: "o" },
    { name: "UPPER.case_name", annotations: { "a/b": "" }, labels: { x: "" }, tags: ["c++", "a:b"], links: [{ url: "https://x.example" }] },
  ),
  { ...base("System", { owner: "o" }), apiVersion: "backstage.io/v1beta1" },
];

describe("what Backstage's model accepts", () => {
  test.each(GOOD.map((document) => [`${document.kind} ${JSON.stringify(document.spec).slice(0, 60)}`, document] as const))("%s is accepted here", async (_name, document) => {
    expect(await backstageAccepts(document)).toBe(true);
    expect(readEntity(document)).toHaveProperty("draft");
  });

  test("is accepted here, whatever is changed in it", async () => {
    const odd = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constant([]),
      fc.constant({}),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.constant("x".repeat(64)),
      fc.constant("A.b-c"),
    );
    const keys = [
      "kind",
      "apiVersion",
      "metadata",
      "spec",
      "name",
      "namespace",
      "title",
      "tags",
      "labels",
      "annotations",
      "links",
      "type",
      "lifecycle",
      "owner",
      "system",
      "dependsOn",
      "children",
      "memberOf",
      "definition",
      "extra",
    ];
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...GOOD), fc.constantFrom("root", "metadata", "spec"), fc.constantFrom(...keys), odd, async (document, place, key, value) => {
        const changed = structuredClone(document) as Record<string, unknown>;
        const target = place === "root" ? changed : (changed[place] as Record<string, unknown>);
        target[key] = value;
        const read = readEntity(changed);
        if (!(await backstageAccepts(changed))) return;
        taken += 1;
        expect(read).toHaveProperty("draft");
      }),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

const rules = (read: ReturnType<typeof readEntity>) => ("draft" in read ? read.draft.findings.map(({ rule }) => rule) : [`refused ${read.refusal.rule}`]);

describe("what Backstage refuses", () => {
  test.each([
    ["no owner", base("Component", { type: "service", lifecycle: "production" }), ["owner-missing"]],
    ["a null owner", base("System", { owner: null }), ["empty-field"]],
    ["a null system", base("Component", { type: "t", lifecycle: "l", owner: "o", system: null }), ["empty-field"]],
    ["upper-case tags", base("System", { owner: "o" }, { tags: ["Node.js"] }), ["tag-style"]],
    ["a number as annotation", base("System", { owner: "o" }, { annotations: { x: 1 } }), ["value-style"]],
    ["a label with spaces", base("System", { owner: "o" }, { labels: { x: "a b" } }), ["value-style"]],
    ["an unknown root member", { ...base("System", { owner: "o" }), implementation: {} }, ["unknown-member"]],
    ["an upper-case namespace", base("System", { owner: "o" }, { namespace: "Org" }), ["namespace-style"]],
    ["a Group without children", base("Group", { type: "team" }), ["field-missing"]],
    ["a User without memberOf", base("User", {}), ["field-missing"]],
    ["a placeholder", base("API", { type: "t", lifecycle: "l", owner: "o", definition: { $text: "http://monolith:8080/x" } }), ["placeholder"]],
    ["a kind of one's own", { apiVersion: "acme/v1", kind: "Robot", metadata: { name: "r" } }, ["kind-custom"]],
    ["a number as name", base("System", { owner: "o" }, { name: 7 }), ["name-number"]],
  ])("%s is accepted with a finding", async (_name, document, expected) => {
    expect(await backstageAccepts(document)).toBe(false);
    expect(rules(readEntity(document))).toEqual(expected);
  });

  test.each([
    ["text", "hello", "no-entity"],
    ["a list", [], "no-entity"],
    ["no kind", { metadata: { name: "x" } }, "kind-missing"],
    ["an empty kind", base("", {}), "kind-invalid"],
    ["no name", { kind: "System", metadata: {} }, "name-missing"],
    ["no metadata", { kind: "System" }, "name-missing"],
    ["a name with spaces", base("Component", {}, { name: "Web UI (happa)" }), "name-invalid"],
    ["a name of 64 characters", base("Component", {}, { name: "x".repeat(64) }), "name-invalid"],
    ["a path as name", base("Component", {}, { name: "../../etc/passwd" }), "name-invalid"],
    ["an option as name", base("Component", {}, { name: "-rf" }), "name-invalid"],
    ["NUL in a text", base("System", { owner: "o" }, { title: "a\u0000b" }), "control-character"],
    ["half a character", base("System", { owner: "o" }, { title: "\ud800" }), "control-character"],
  ])("%s is refused, because no entity can be told", (_name, document, rule) => {
    expect(rules(readEntity(document))).toEqual([`refused ${rule}`]);
  });

  test("a value that contains itself is refused", () => {
    const document = base("System", {}) as Record<string, unknown>;
    document.spec = document;
    expect(rules(readEntity(document))).toEqual(["refused circular"]);
  });
});

test("anything at all is accepted or refused, never an error", () => {
  fc.assert(fc.property(fc.anything(), (value) => Object.keys(readEntity(value)).length === 1));
  fc.assert(fc.property(fc.object(), fc.object(), (metadata, spec) => Object.keys(readEntity({ kind: "Component", metadata: { ...metadata, name: "x" }, spec })).length === 1));
});

test("refs are read as Backstage reads them", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9._@-]{1,12}$/);
  fc.assert(
    fc.property(fc.option(part), fc.option(part), part, (kind, namespace, name) => {
      const text = `${kind ? `${kind}:` : ""}${namespace ? `${namespace}/` : ""}${name}`;
      const ours = parseRef(text, { kind: "group" });
      expect(ours && formatRef(ours)).toBe(stringifyEntityRef(parseEntityRef(text, { defaultKind: "group" })));
    }),
  );
  for (const bad of ["", ":", "a:", "/b", "a:b/", "a:b:c", "a/b/c"]) expect(parseRef(bad, { kind: "group" })).toBe(null);
});

test("a link to a script, which Backstage takes, is a finding", () => {
  expect(rules(readEntity(base("System", { owner: "o" }, { links: [{ url: "javascript:alert(1)" }] })))).toEqual(["link-unsafe"]);
});

test("relations both ways are told once, in their forward direction", () => {
  const read = readEntity(GOOD[0]);
  const relations = "draft" in read ? read.draft.relations.map(({ fromRef, type, toRef }) => `${fromRef} ${type} ${toRef}`) : [];
  expect(relations).toEqual([
    "component:default/a-name ownedBy group:default/john@example.com",
    "component:default/a-name partOf system:default/s",
    "component:default/a-name dependsOn resource:default/db",
    "component:default/x dependsOn component:default/a-name",
  ]);
});
