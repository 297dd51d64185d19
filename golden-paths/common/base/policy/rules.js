// What this repository promises, as code. Each rule has an id, which also stands in policy/admission.yaml where the cluster checks the same.

const SECRET_NAME = /(PASSWORD|SECRET|TOKEN|API_?KEY|DATABASE_URL)$/i;
const PINNED_ACTION = /^(\.\/|docker:\/\/[^@]+@sha256:[0-9a-f]{64}$)|@[0-9a-f]{40}$/;

const all = (value) => (Array.isArray(value) ? value : []);
const podOf = (manifest) => manifest?.spec?.template?.spec ?? {};
const containersOf = (manifest) => [...all(podOf(manifest).initContainers), ...all(podOf(manifest).containers)];

/** Findings for every container of every Deployment for which `isFine` is false. */
const eachContainer = (isFine, message) => (repository) =>
  repository.of("Deployment").flatMap(({ file, manifest }) =>
    containersOf(manifest)
      .filter((container) => !isFine(container, podOf(manifest)))
      .map((container) => ({ file, message: `Container ${container.name} ${message}` })),
  );

const eachDeployment = (isFine, message) => (repository) =>
  repository
    .of("Deployment")
    .filter(({ manifest }) => !isFine(podOf(manifest)))
    .map(({ file }) => ({ file, message }));

const isRoot = (user) => !/^[1-9]\d*(:[1-9]\d*)?$/.test(user ?? "");

/** The lines of the Dockerfile's last stage, which is the one that runs. */
function lastStage(text) {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.slice(lines.findLastIndex((line) => /^FROM /i.test(line)));
}

function dockerfile(repository, check) {
  const text = repository.text("Dockerfile");
  if (text === null) return [{ file: "Dockerfile", message: "There is no Dockerfile." }];
  return check(text).map((message) => ({ file: "Dockerfile", message }));
}

function unpinnedImages(text) {
  const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)/gim)].map(([, name]) => name));
  return [...text.matchAll(/^FROM (\S+)/gim)]
    .map(([, image]) => image)
    .filter((image) => !stages.has(image) && !/@sha256:[0-9a-f]{64}$/.test(image))
    .map((image) => `${image} can change any day. Add its digest: image:tag@sha256:….`);
}

function floatingTags(repository) {
  const images = repository.of("Kustomization").flatMap(({ file, manifest }) => all(manifest.images).map((image) => ({ file, image })));
  return images
    .filter(({ image }) => !image.digest && (!image.newTag || image.newTag === "latest"))
    .map(({ file, image }) => ({ file, message: `${image.newName ?? image.name} names no version. Give it a digest, or a tag other than latest.` }));
}

function plainSecrets(repository) {
  const secrets = repository.of("Secret").filter(({ manifest }) => manifest.data || manifest.stringData);
  const variables = repository
    .of("Deployment")
    .flatMap(({ file, manifest }) => containersOf(manifest).flatMap(({ env }) => all(env).map((variable) => ({ file, variable }))))
    .filter(({ variable }) => SECRET_NAME.test(variable.name) && variable.value !== undefined);
  return [
    ...secrets.map(({ file, manifest }) => ({ file, message: `Secret ${manifest.metadata?.name} holds its values in git. Use an ExternalSecret.` })),
    ...variables.map(({ file, variable }) => ({ file, message: `${variable.name} stands in git. Read it from a secret with secretKeyRef.` })),
  ];
}

function openNetwork(repository) {
  const policies = repository.of("NetworkPolicy");
  const denies = ({ spec = {} }) => Object.keys(spec.podSelector ?? {}).length === 0 && !spec.ingress && !spec.egress && ["Ingress", "Egress"].every((type) => all(spec.policyTypes).includes(type));
  if (policies.some(({ manifest }) => denies(manifest))) return [];
  return [{ file: "deploy/base/network-policy.yaml", message: "Nothing denies all traffic by default. Add a NetworkPolicy for all pods with both policyTypes and no rule." }];
}

function wideWorkflows(repository) {
  return repository.workflows().flatMap(({ file, manifest }) => {
    const triggers = manifest.on ?? {};
    const isForeign = triggers === "pull_request_target" || (Array.isArray(triggers) ? triggers.includes("pull_request_target") : "pull_request_target" in triggers);
    const rights = manifest.permissions;
    const isWide = typeof rights !== "object" || rights === null || Object.values(rights).includes("write");
    return [
      ...(isForeign ? [{ file, message: "pull_request_target runs strangers' changes with this repository's rights. Use pull_request." }] : []),
      ...(isWide ? [{ file, message: "The workflow's own permissions must only read. Give single jobs what they need." }] : []),
    ];
  });
}

function unpinnedActions(repository) {
  return repository.workflows().flatMap(({ file, manifest }) =>
    Object.values(manifest.jobs ?? {})
      .flatMap((job) => [job.uses, ...all(job.steps).map((step) => step.uses)])
      .filter((action) => action && !PINNED_ACTION.test(action))
      .map((action) => ({ file, message: `${action} can change any day. Pin it by the SHA of its commit.` })),
  );
}

function uncheckedImage(repository) {
  const used = repository.workflows().flatMap(({ manifest }) => Object.values(manifest.jobs ?? {}).flatMap((job) => all(job.steps).map((step) => step.uses ?? "")));
  const missing = [
    ["anchore/scan-action@", "No step scans the image for known vulnerabilities."],
    ["anchore/sbom-action@", "No step lists what is in the image (SBOM)."],
    ["actions/attest-build-provenance@", "No step attests where the image comes from."],
  ];
  return missing.filter(([action]) => !used.some((name) => name.startsWith(action))).map(([, message]) => ({ file: ".github/workflows/ci.yml", message }));
}

function staleSecrets(repository) {
  return repository
    .of("ExternalSecret")
    .filter(({ manifest }) => !/^[1-9]\d*(s|m|h)/.test(manifest.spec?.refreshInterval ?? "") || manifest.spec?.target?.creationPolicy !== "Owner")
    .map(({ file }) => ({ file, message: "A changed password would not arrive. Set refreshInterval, such as 1h, and target.creationPolicy: Owner." }));
}

function unowned(repository) {
  const entities = repository.documents("catalog-info.yaml");
  if (entities.length === 0) return [{ file: "catalog-info.yaml", message: "There is no catalog-info.yaml." }];
  const missing = entities.filter((entity) => !entity.spec?.owner).map((entity) => ({ file: "catalog-info.yaml", message: `${entity.kind} ${entity.metadata?.name} names no owner.` }));
  const everybody = /^\*\s+@\S+/m.test(repository.text("CODEOWNERS") ?? "");
  return everybody ? missing : [...missing, { file: "CODEOWNERS", message: "No line for all files (*) names a reviewer." }];
}

export const RULES = [
  { id: "no-root", find: (repository) => [...dockerfile(repository, (text) => (isRoot(lastStage(text).findLast((line) => /^USER /i.test(line))?.slice(5)) ? ["The image runs as root. End with a numeric USER."] : [])), ...eachDeployment((pod) => pod.securityContext?.runAsNonRoot === true, "Pods may run as root. Set securityContext.runAsNonRoot: true.")(repository)] },
  { id: "pinned-image", find: (repository) => [...dockerfile(repository, unpinnedImages), ...floatingTags(repository)] },
  { id: "no-plain-secret", find: plainSecrets },
  { id: "fresh-secret", find: staleSecrets },
  { id: "closed-network", find: openNetwork },
  { id: "read-only", find: eachContainer((container) => container.securityContext?.readOnlyRootFilesystem === true, "can write to its image. Set securityContext.readOnlyRootFilesystem: true.") },
  { id: "no-privileges", find: eachContainer((container, pod) => container.securityContext?.allowPrivilegeEscalation === false && all(container.securityContext.capabilities?.drop).includes("ALL") && pod.securityContext?.seccompProfile?.type === "RuntimeDefault", "may gain privileges. Set allowPrivilegeEscalation: false, drop ALL capabilities, and seccompProfile RuntimeDefault for the pod.") },
  { id: "no-cluster-token", find: eachDeployment((pod) => pod.automountServiceAccountToken === false, "Pods get a token of the cluster that they do not need. Set automountServiceAccountToken: false.") },
  { id: "limits", find: eachContainer((container) => container.resources?.requests?.memory && container.resources?.limits?.memory, "can take all memory of its machine. Give it requests and limits.") },
  { id: "probes", find: eachContainer((container) => container.readinessProbe && container.livenessProbe, "is not probed. Add readinessProbe and livenessProbe.") },
  { id: "pinned-action", find: unpinnedActions },
  { id: "narrow-workflow", find: wideWorkflows },
  { id: "checked-image", find: uncheckedImage },
  { id: "owner", find: unowned },
];

/** All findings `{rule, file, message}`; empty when every rule is obeyed. */
export function check(repository) {
  return RULES.flatMap(({ id, find }) => find(repository).map((finding) => ({ rule: id, ...finding })));
}
