import "server-only";
import type { Tx } from "@/db/client";
import type { DeploymentFact } from "./facts";
import { recordDeployments } from "./record";

export { addAnnotation, removeAnnotation } from "./annotations/operations";
export { inEnvelope } from "./cloudevents/envelope";
export { ingestEvents } from "./cloudevents/ingest";
export type { CommitFact, DeploymentFact, IncidentFact } from "./facts";
export { loadHistory } from "./history/start";
export { declareIncident, linkIncident, resolveIncident } from "./incident-mutations";
export { recordIncidents } from "./incidents";
export { ingestCommits, ingestDeployments, ingestIncidents, ingestPullRequests } from "./ingest";
export { knownShapes } from "./known-shapes";
export { setMeasures } from "./measures";
export { recordCommits, recordDeployments } from "./record";
export { removeDemoDelivery } from "./remove-demo";
export { setDeliveryRules } from "./rules-operations";
export { compareGithubNow } from "./webhooks/compare-operations";
export { createWebhookSource, deleteWebhookSource, replayWebhookDelivery, rotateWebhookSecret, setWebhookSource } from "./webhooks/operations";
export { receiveWebhook } from "./webhooks/receive";

/** Keeps one deployment, of any tier, in the caller's transaction; a repeat with the same ids changes nothing. */
export async function recordDeployment(tx: Tx, fact: DeploymentFact, now: Date): Promise<void> {
  await recordDeployments(tx, [fact], now);
}
