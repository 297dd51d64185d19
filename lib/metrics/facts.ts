import type { Severity, Tier } from "./contract";

/** Whom we have it from. */
export type FactSource = "platform" | "api" | "github" | "events" | "pagerduty" | "alertmanager" | "grafana" | "argocd" | "history" | "demo";

export interface DeploymentFact {
  /** The sender's own id; with service and environment the identity of the deployment. */
  externalId: string;
  service: string;
  environment: string;
  tier: Tier;
  status: "success" | "failure";
  commit: string;
  repository: string;
  startedAt: Date;
  finishedAt: Date;
  releaseId?: string | undefined;
  paths?: string[] | undefined;
  /** External id of the deployment that this one repairs. */
  remediates?: string | undefined;
  flags?: string[] | undefined;
  isDemo?: boolean;
  source?: FactSource;
  /** Owner of a service that the catalog does not know. */
  teamId?: string | null;
}

export interface CommitFact {
  sha: string;
  parents: string[];
  repository: string;
  service?: string | undefined;
  authoredAt: Date | string;
  committedAt: Date | string;
  author: string;
  message: string;
  paths?: string[] | undefined;
  /** False when the parents are only guessed from the order of a push. */
  parentsReported?: boolean;
  isDemo?: boolean;
}

export interface PullRequestFact {
  repository: string;
  number: number;
  title: string;
  state: "open" | "closed" | "merged";
  author: string;
  openedAt: Date;
  mergedAt?: Date | undefined;
  closedAt?: Date | undefined;
  mergeCommit?: string | undefined;
  firstAuthoredAt?: Date | undefined;
}

export interface IncidentFact {
  externalId: string;
  service: string;
  title: string;
  severity: Severity;
  environment?: string | undefined;
  openedAt: Date;
  resolvedAt?: Date | null | undefined;
  causedBy?: string | undefined;
  declaredBy?: string | undefined;
  source: FactSource;
  isDemo?: boolean;
  teamId?: string | null;
}
