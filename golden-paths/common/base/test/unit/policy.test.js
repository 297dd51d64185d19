import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readRepository, repositoryOf } from "../../policy/repository.js";
import { check, RULES } from "../../policy/rules.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const FILES = ["CODEOWNERS", "Dockerfile", "catalog-info.yaml", ".github/workflows/ci.yml", ...["deployment", "network-policy"].map((name) => `deploy/base/${name}.yaml`), "deploy/overlays/production/kustomization.yaml"];
const texts = () => new Map(FILES.map((name) => [name, readFileSync(path.join(root, name), "utf8")]));

test("this repository obeys every rule", () => {
  assert.deepEqual(check(readRepository(root)), []);
});

for (const [rule, file, from, to] of [
  ["no-root", "Dockerfile", /USER 1000:1000/, "USER root"],
  ["no-root", "deploy/base/deployment.yaml", "runAsNonRoot: true", "runAsNonRoot: false"],
  ["pinned-image", "Dockerfile", /@sha256:\w+/, ""],
  ["pinned-image", "deploy/overlays/production/kustomization.yaml", /new(Tag|Digest): .*|digest: .*/, "newTag: latest"],
  ["no-plain-secret", "deploy/base/deployment.yaml", "- name: LOG_LEVEL", "- name: API_TOKEN\n              value: abc\n            - name: LOG_LEVEL"],
  ["no-plain-secret", "deploy/base/network-policy.yaml", /^/, "kind: Secret\nmetadata: { name: x }\nstringData: { password: abc }\n---\n"],
  ["fresh-secret", "deploy/base/network-policy.yaml", /^/, "kind: ExternalSecret\nspec: { refreshInterval: '0', target: { creationPolicy: Owner } }\n---\n"],
  ["closed-network", "deploy/base/network-policy.yaml", "podSelector: {}\n  policyTypes: [Ingress, Egress]", "podSelector: {}\n  policyTypes: [Ingress]"],
  ["read-only", "deploy/base/deployment.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"],
  ["no-privileges", "deploy/base/deployment.yaml", "drop: [ALL]", "drop: []"],
  ["no-cluster-token", "deploy/base/deployment.yaml", "automountServiceAccountToken: false", "automountServiceAccountToken: true"],
  ["limits", "deploy/base/deployment.yaml", "limits:", "limitations:"],
  ["probes", "deploy/base/deployment.yaml", "livenessProbe:", "lifeProbe:"],
  ["pinned-action", ".github/workflows/ci.yml", /checkout@\w{40}/, "checkout@v6"],
  ["narrow-workflow", ".github/workflows/ci.yml", "  pull_request:", "  pull_request_target:"],
  ["narrow-workflow", ".github/workflows/ci.yml", "permissions:\n  contents: read", "permissions: write-all"],
  ["checked-image", ".github/workflows/ci.yml", "anchore/scan-action", "anchore/other-action"],
  ["owner", "catalog-info.yaml", /owner: .*/, "owner: ''"],
  ["owner", "CODEOWNERS", /^\*.*$/m, ""],
]) {
  test(`${rule} refuses a changed ${file}`, () => {
    const changed = texts();
    changed.set(file, changed.get(file).replace(from, to));
    assert.notEqual(changed.get(file), texts().get(file), "the change changes something");
    assert.deepEqual([...new Set(check(repositoryOf(changed)).map((finding) => finding.rule))], [rule]);
  });
}

test("the cluster checks nothing that is not a rule here", () => {
  const ids = readFileSync(path.join(root, "policy/admission.yaml"), "utf8").matchAll(/message: "([\w-]+): /g);
  const known = new Set(RULES.map(({ id }) => id));
  assert.deepEqual([...ids].map(([, id]) => id).filter((id) => !known.has(id)), []);
});

test("YAML that cannot be read is named", () => {
  assert.throws(() => check(repositoryOf(new Map([["deploy/x.yaml", "a: [\n"]]))), /^Error: deploy\/x\.yaml: /);
});
