import { type Check, type ScorecardDefinition, STARTER_CHECKS } from "@/lib/scorecards/contract";

const starter = (id: string, level: string): Check => {
  const found = STARTER_CHECKS.find((check) => check.id === id);
  if (!found) throw new Error(`no starter check ${id}`);
  return { ...found, level };
};

/** The standard of the demo company. */
export const PRODUCTION_READINESS: ScorecardDefinition = {
  title: "Production readiness",
  description: "What we expect of everything that shoppers or colleagues depend on. Bronze before the first real user, gold for tier 1.",
  appliesTo: { kinds: ["component"], types: ["service", "website", "worker"], lifecycles: ["production"], tags: [] },
  levels: [
    { name: "bronze", title: "Bronze" },
    { name: "silver", title: "Silver" },
    { name: "gold", title: "Gold" },
  ],
  checks: [
    starter("owner", "bronze"),
    starter("description", "bronze"),
    {
      id: "runbook",
      title: "Links its runbook",
      level: "bronze",
      condition: 'has(entity.metadata.links) && entity.metadata.links.exists(link, link.title.matches("[Rr]unbook"))',
      why: "Whoever is woken at night starts from the runbook. If it is not linked, they start from nothing.",
      fix: "Add a link with the title `Runbook` to `metadata.links` in catalog-info.yaml.",
      effort: "small",
    },
    starter("on-call", "bronze"),
    starter("findings", "silver"),
    { ...starter("deployed", "silver"), concern: "deployment" },
    {
      id: "fail-rate",
      title: "At most 6 % of deployments fail",
      level: "silver",
      condition: "metrics.changeFailRate <= 0.06",
      why: "Above that, people begin to batch changes, and batches fail more.",
      fix: "Open the Delivery tab: it lists the deployments that led to an incident or a roll-back, with their commits. Smaller changes and a check on staging help most.",
      effort: "large",
    },
    starter("docs", "gold"),
    {
      id: "incidents",
      title: "At most three incidents in 90 days",
      level: "gold",
      condition: "incidents.open == 0 && incidents.opened90d <= 3",
      why: "What breaks every other week cannot be relied on, however fast it is mended.",
      fix: "The Delivery tab lists the incidents with the deployments that led to them. Look for what they have in common before the next feature.",
      effort: "large",
    },
  ],
};

/** Something that is as it is for now, and known. */
export const EXCEPTION = {
  entityRef: "component:default/payout-worker",
  checkId: "deployed",
  reason: "Frozen until the year-end settlement is audited; the next deployment is planned for the second week of January.",
  days: 49,
  grantedBy: "pat",
};

/** What the platform team asks of everybody this quarter. Its start is told; reminders come from the worker. */
export const CAMPAIGN = {
  title: "Documented before the freeze",
  why: "Over the holidays nobody is at their desk for two weeks: whoever is on call has the documents and nothing else.",
  checks: ["docs"],
  startedBy: "pat",
  startedDaysAgo: 9,
  daysLeft: 19,
  entitiesAtStart: 22,
  doneAtStart: 2,
};
