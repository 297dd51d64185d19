import "server-only";

export { getAiSignals } from "./ai/read";
export { listAnnotations } from "./annotations/operations";
export { getDashboard } from "./dashboard";
export { getDeliveryHealth } from "./doctor";
export { getDelivery, listMetricRows } from "./drill-down";
export { getHistoryRun } from "./history/start";
export { getIncident } from "./incident-queries";
export { listCommits, listDeployments, listIncidents, listPullRequests } from "./lists";
export { getMetric } from "./read-metric";
export { getDeliveryReport } from "./report/read";
export { getDeliveryRules, previewDeliveryRules } from "./rules-operations";
export { getDeliveryScope } from "./scope";
export { SMALLEST_GROUP } from "./smallest-group";
export { getGithubComparison } from "./webhooks/compare-operations";
export { getWebhookDelivery, listWebhookDeliveries, listWebhookSources } from "./webhooks/operations";
export { dayOf } from "./window";
