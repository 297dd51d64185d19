// What every measure is, once: the API, the pages, their legends and docs/metrics.md take it from here.

export const METRICS = ["lead-time", "deployment-frequency", "change-fail-rate", "recovery-time", "rework-rate", "adoption", "provisioning-time"] as const;
export type MetricName = (typeof METRICS)[number];

export interface MetricDefinition {
  title: string;
  /** Below the title. */
  sub: string;
  unit: "seconds" | "per-day" | "share" | "hours per day";
  /** What n counts. */
  one: string;
  /** The drawing: a median with its band, bars of counts, or shares with their intervals. */
  chart: "line" | "bars" | "intervals";
  /** What is listed behind a point. */
  rows: "changes" | "deployments" | "environments" | "none";
  formula: string;
}

export const DEFINITIONS: Record<MetricName, MetricDefinition> = {
  "lead-time": {
    title: "Change lead time",
    sub: "Median time from commit to production",
    unit: "seconds",
    one: "change",
    chart: "line",
    rows: "changes",
    formula:
      "Median time from authoring a commit to its first successful production deployment, over all changes deployed in the window. Merge commits, commits of bots and what a service's first deployment brought are left out; negative times (wrong clocks) count as 0.",
  },
  "deployment-frequency": {
    title: "Deployment frequency",
    sub: "Production deployments",
    unit: "per-day",
    one: "deployment",
    chart: "bars",
    rows: "deployments",
    formula:
      "Successful production deployments divided by the calendar days of the window, or by the days since the first production deployment where that lies inside of it. Rollbacks and repeats count; failed attempts are shown apart.",
  },
  "change-fail-rate": {
    title: "Change fail rate",
    sub: "Deployments that needed immediate repair",
    unit: "share",
    one: "deployment",
    chart: "intervals",
    rows: "deployments",
    formula:
      "Successful production deployments that needed immediate repair (an incident within the window of the rules or naming them, a rollback, a later deployment that repairs them), divided by all of them. Several incidents of one deployment count once.",
  },
  "recovery-time": {
    title: "Failed deployment recovery time",
    sub: "Median time to recover",
    unit: "seconds",
    one: "recovered failure",
    chart: "line",
    rows: "deployments",
    formula:
      "Median time from the end of a failed production deployment to the end of its incident, or to the deployment that repaired it. Failures that are not over yet are counted apart.",
  },
  "rework-rate": {
    title: "Deployment rework rate",
    sub: "Unplanned deployments that repair",
    unit: "share",
    one: "deployment",
    chart: "intervals",
    rows: "deployments",
    formula: "Successful production deployments that were rollbacks, hotfixes by the rules, or repaired an earlier one, divided by all of them.",
  },
  adoption: {
    title: "Portal adoption",
    sub: "Production deployments made through Waymark",
    unit: "share",
    one: "deployment",
    chart: "intervals",
    rows: "deployments",
    formula:
      "Successful production deployments that Waymark made, divided by all that are known of, from webhooks and the events API too. Where nothing outside of Waymark reports, nobody knows how many there are elsewhere: then only the count is shown.",
  },
  "provisioning-time": {
    title: "Environment provisioning time",
    sub: "Median time from request to usable",
    unit: "seconds",
    one: "environment",
    chart: "line",
    rows: "environments",
    formula:
      "Median time from accepting the request for an environment to its first passed health check, by the day of the request. Environments that never became usable have no time; they count against the objective.",
  },
};

/** The measure from the survey that can stand beside those of delivery. */
export const NON_CORE = "non-core-time";
/** What can be added to the three numbers of every page. */
export const MEASURES = ["change-fail-rate", "recovery-time", "rework-rate", "adoption", "provisioning-time", NON_CORE] as const;
export type MeasureName = (typeof MEASURES)[number];

/** True for a measure that this domain works out itself. */
export const isMetric = (name: string): name is MetricName => METRICS.some((one) => one === name);
