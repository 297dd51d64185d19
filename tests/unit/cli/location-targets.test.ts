import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { filesAt } from "@/lib/cli/catalog-files";
import { reportImport, requireNoRefusal } from "@/lib/cli/catalog-import";
import { locationTargets, matcherOf } from "@/lib/cli/location-targets";

const root = await mkdtemp(path.join(tmpdir(), "location-targets-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const location = (spec: object) => stringify({ apiVersion: "backstage.io/v1alpha1", kind: "Location", metadata: { name: "root" }, spec });

test("targets are found in every usual spelling, those of other kinds and addresses are not", () => {
  expect(locationTargets(location({ target: "./one.yaml" }))).toEqual(["./one.yaml"]);
  expect(locationTargets(location({ type: "file", targets: ["./a.yaml", "b/*.yaml"], presence: "optional" }))).toEqual(["./a.yaml", "b/*.yaml"]);
  expect(locationTargets("kind: Location\nspec:\n  targets: [ './a.yaml', b.yaml ] # both\n")).toEqual(["./a.yaml", "b.yaml"]);
  expect(locationTargets("kind: Location\r\nspec:\r\n  targets:\r\n  # first\r\n  - ./a.yaml # the first\r\n\r\n  - 'b.yaml'\r\n  type: url\r\n")).toEqual(["./a.yaml", "b.yaml"]);
  expect(locationTargets(location({ targets: ["https://example.com/x.yaml", "./a.yaml"] }))).toEqual(["./a.yaml"]);
  expect(locationTargets("kind: Component\nspec:\n  targets:\n    - ./a.yaml\n---\nkind: Location\nspec:\n  target: ./b.yaml\n")).toEqual(["./b.yaml"]);
});

test("whatever names are listed, as a YAML library writes them, they are read", () => {
  const word = fc.stringMatching(/^[a-z0-9_][a-z0-9_.-]{0,9}$/);
  const target = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `./${words.join("/")}.yaml`);
  fc.assert(
    fc.property(fc.array(target, { minLength: 1, maxLength: 6 }), (targets) => {
      expect(locationTargets(location({ targets }))).toEqual(targets);
    }),
  );
});

test("a pattern matches names, and folders only where it says so", () => {
  expect(["a/x.yaml", "a/b/x.yaml", "x.yaml", "a/x.yamlx"].map(matcherOf("a/*.yaml"))).toEqual([true, false, false, false]);
  expect(["a/x.yaml", "a/b/x.yaml", "b/x.yaml"].map(matcherOf("a/**/x.yaml"))).toEqual([true, true, false]);
  expect(matcherOf("a/{{ b }} (1).yaml")("a/{{ b }} (1).yaml")).toBe(true);
});

test("a folder brings what its Locations name in turn, also in a circle, and nothing else", async () => {
  const files = {
    "catalog-info.yaml": location({ targets: ["./catalog/all.yaml", "../outside.yaml", "./nowhere.yaml"] }),
    "catalog/all.yaml": location({ targets: ["./systems/*.yaml", "../catalog-info.yaml"] }),
    "catalog/systems/pay.yaml": "kind: System\n",
    "catalog/systems/deep/other.yaml": "kind: System\n",
    "values.yaml": "a: 1\n",
  };
  for (const [name, text] of Object.entries({ ...files, "../outside.yaml": "secret: true\n" })) {
    await mkdir(path.dirname(path.join(root, "repository", name)), { recursive: true });
    await writeFile(path.join(root, "repository", name), text);
  }
  expect((await filesAt(path.join(root, "repository"))).map(({ name }) => name)).toEqual(["catalog-info.yaml", "catalog/all.yaml", "catalog/systems/pay.yaml"]);
  expect((await filesAt(path.join(root, "repository/catalog/all.yaml"))).map(({ name }) => name)).toEqual(["all.yaml", "systems/pay.yaml"]);
});

test("skeletons beside entities are left out and no failure; alone they are, and so is any other refusal", () => {
  const finding = (rule: string) => ({ file: "a/catalog-info.yaml", line: 4, entityRef: null, rule, message: "No.", fix: "Mend it." });
  const accepted = [{ entityRef: "component:default/a", file: "catalog-info.yaml", line: 1, change: "created" as const }];
  expect(() => requireNoRefusal({ accepted, findings: [], refused: [finding("skeleton")] })).not.toThrow();
  expect(() => requireNoRefusal({ accepted: [], findings: [], refused: [finding("skeleton")] })).toThrow("One document was refused.");
  expect(() => requireNoRefusal({ accepted, findings: [], refused: [finding("skeleton"), finding("taken")] })).toThrow("One document was refused.");
  expect(() => reportImport({ accepted, findings: [], refused: [finding("skeleton")] })).not.toThrow();
});
