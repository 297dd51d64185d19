import { DomainError } from "@/lib/core/errors";

// Shapes that people already send to other tools, turned into rows of /api/v1/deployments. What is not recognised stays as it is.

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const refused = (path: string, message: string) => new DomainError("invalid", `${path}: ${message}`, { fields: [{ path, message }] });
const nameOf = (repository: string | undefined) =>
  repository
    ?.replace(/\.git$/, "")
    .split(/[/:]/)
    .at(-1);

/** What such a body leaves to be known: the time of the request, and the repository that a service has in the catalog. */
interface Around {
  now: Date;
  repositoryOf: (service: string) => Promise<string | null>;
}

/** Rows of the contract for a body of DevLake's webhook, Swarmia's deployments or Cortex' deploys. Throws DomainError("invalid") for what deploys nothing. */
export async function fromKnownShapes(row: unknown, around: Around): Promise<unknown[]> {
  if (!isRow(row)) return [row];
  if ("deploymentCommits" in row) return fromDevLake(row);
  if ("appName" in row) return [await fromSwarmia(row, around)];
  return isCortex(row) ? [fromCortex(row)] : [row];
}

/** One row per repository that the deployment holds. */
function fromDevLake(row: Row): unknown[] {
  const sent: unknown[] = Array.isArray(row.deploymentCommits) ? row.deploymentCommits : [];
  const commits = sent.filter(isRow);
  // One that cannot be read is no reason to keep the others as if they were all.
  if (commits.length === 0 || commits.length < sent.length) throw refused("deploymentCommits", "It names no commit. Send at least one with commitSha and repoUrl.");
  return commits.map((commit) => ({
    external_id: [text(row.id), commits.length > 1 ? nameOf(text(commit.repoUrl)) : undefined].filter(Boolean).join("-"),
    service: text(row.service) ?? nameOf(text(commit.repoUrl)),
    environment: text(row.environment)?.toLowerCase() ?? "production",
    status: !text(row.result) || /^success$/i.test(text(row.result) ?? "") ? "success" : "failure",
    commit: commit.commitSha,
    repository: commit.repoUrl,
    started_at: commit.startedDate ?? row.startedDate ?? row.createdDate,
    finished_at: commit.finishedDate ?? row.finishedDate,
  }));
}

/** Their version is the id of the deployment, and the commit too where it is a git hash; only version and appName have to be there. */
async function fromSwarmia(row: Row, { now, repositoryOf }: Around): Promise<unknown> {
  const { fixesVersion, filePathFilters } = row;
  const service = text(row.appName);
  if (!service) throw refused("appName", "Name the service that was deployed, as a text.");
  const version = text(row.version);
  if (!version) throw refused("version", "Name the version that was deployed, as a text.");
  const commit = text(row.commitSha) ?? (/^[0-9a-f]{7,64}$/i.test(version) ? version : undefined);
  if (!commit) throw refused("commitSha", `The version “${version.slice(0, 60)}” is no git hash. Send the hash of its commit as commitSha.`);
  const repository = text(row.repositoryFullName) ?? (await repositoryOf(service));
  if (!repository) throw refused("repositoryFullName", `The catalog knows no repository of “${service.slice(0, 60)}”. Send it as owner/name.`);
  const at = row.deployedAt ?? now.toISOString();
  return {
    external_id: version,
    release_id: version,
    service,
    environment: text(row.environment) ?? "production",
    status: "success",
    commit,
    repository,
    started_at: at,
    finished_at: at,
    ...(text(fixesVersion) ? { remediates: fixesVersion } : {}),
    ...(Array.isArray(filePathFilters) ? { paths: filePathFilters } : {}),
  };
}

const isCortex = (row: Row) => "sha" in row && "timestamp" in row && ("type" in row || "title" in row);

function fromCortex(row: Row): unknown {
  const { type = "DEPLOY" } = row;
  if (type === "SCALE" || type === "RESTART") {
    throw refused("type", `A ${type} brings no new version and would count as a deployment. Send only DEPLOY and ROLLBACK.`);
  }
  if (typeof type !== "string" || !/^(deploy|rollback)$/i.test(type)) throw refused("type", "Send DEPLOY or ROLLBACK; nothing else is known to be a deployment.");
  return {
    external_id: text(row.uuid) ?? `${String(row.sha)}-${String(row.timestamp)}`,
    service: row.service ?? row.tag,
    environment: text(row.environment) ?? "production",
    status: "success",
    commit: row.sha,
    repository: row.repository,
    started_at: row.timestamp,
    finished_at: row.timestamp,
    ...(/^rollback$/i.test(type) ? { flags: ["rework"] } : {}),
  };
}
