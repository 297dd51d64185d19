import type { EntityEvent } from "@/lib/catalog/contract";

const VERBS: Record<string, string> = {
  "entity.import created": "registered it",
  "entity.import updated": "changed its definition",
  "entity.edit edited": "edited its definition",
  "entity.edit kept": "kept it, to be edited here",
  "entity.edit confirmed": "confirmed that it is still right",
  "entity.edit removed": "removed it from the catalog",
  "service.create": "created the service",
  "service.decommission": "asked to decommission",
  "service.decommission taken back": "took back the end of",
  "service.decommissioned": "ended",
  "environment.create": "created the environment",
  "environment.deploy": "deployed",
  "environment.restart": "restarted",
  "environment.extend": "extended the environment",
  "environment.edit-variables": "changed variables of",
  "environment.reveal-credentials": "saw credentials of",
  "environment.delete": "deleted the environment",
  "event.ingest looked at history": "looked at its history in git",
  "event.ingest loaded history": "loaded its history from git",
  "incident.declare": "declared an incident",
  "incident.resolve": "resolved the incident",
  "action.run": "ran",
  "scorecard.exempt": "granted an exception from a check",
  "scorecard.exempt exception taken back": "took back an exception from a check",
};

/** What somebody did, in words; an ability that has none yet is named. */
export function activityInWords({ name, change, target }: Pick<EntityEvent, "name" | "change" | "target">): string {
  const verb = VERBS[`${name} ${change ?? ""}`.trim()] ?? VERBS[name] ?? name;
  return target && target.type !== "entity" ? `${verb} ${target.label}` : verb;
}
