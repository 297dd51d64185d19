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

/** Rows of the contract for a body of DevLake's webhook, Swarmia's deployments or Cortex' deploys. Throws DomainError("invalid") for what deploys nothing. */
export const fromKnownShapes = (row: unknown): unknown[] =>
  !isRow(row) ? [row] : "deploymentCommits" in row ? fromDevLake(row) : "appName" in row ? [fromSwarmia(row)] : isCortex(row) ? [fromCortex(row)] : [row];

/** One row per repository that the deployment holds. */
function fromDevLake(row: Row): unknown[] {
  const commits = Array.isArray(row.deploymentCommits) ? row.deploymentCommits.filter(isRow) : [];
  if (commits.length === 0) throw refused("deploymentCommits", "It names no commit. Send at least one with commitSha and repoUrl.");
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

function fromSwarmia(row: Row): unknown {
  const { fixesVersion, filePathFilters } = row;
  return {
    external_id: row.version,
    service: row.appName,
    environment: text(row.environment) ?? "production",
    status: "success",
    commit: row.commitSha,
    repository: row.repositoryFullName,
    started_at: row.deployedAt,
    finished_at: row.deployedAt,
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
  return {
    external_id: text(row.uuid) ?? `${String(row.sha)}-${String(row.timestamp)}`,
    service: row.service ?? row.tag,
    environment: text(row.environment) ?? "production",
    status: "success",
    commit: row.sha,
    repository: row.repository,
    started_at: row.timestamp,
    finished_at: row.timestamp,
    ...(type === "ROLLBACK" ? { flags: ["rework"] } : {}),
  };
}
