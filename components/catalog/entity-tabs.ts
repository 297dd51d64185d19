import type { CatalogEntity } from "@/lib/catalog/contract";

export interface EntityTab {
  label: string;
  /** Sub-path of the entity's page; empty for the overview. */
  path: string;
  /** Left out: shown for every entity. */
  shows?: (entity: CatalogEntity) => boolean;
  count?: "dependencies" | "docs";
}

/** What runs is a component; the other kinds describe. */
const isDeployable = (entity: CatalogEntity) => entity.kind === "component";

/** Tabs of the entity page in their order; each has a folder of this name below the entity's address. */
export const ENTITY_TABS: EntityTab[] = [
  { label: "Overview", path: "" },
  { label: "Environments", path: "environments", shows: isDeployable },
  { label: "Deployments", path: "deployments", shows: isDeployable },
  { label: "Telemetry", path: "telemetry", shows: isDeployable },
  { label: "Docs", path: "docs", count: "docs" },
  { label: "API", path: "api", shows: ({ kind }) => kind === "api" },
  { label: "APIs", path: "apis", shows: ({ kind }) => kind === "component" || kind === "system" },
  { label: "Dependencies", path: "dependencies", count: "dependencies" },
  { label: "Delivery", path: "delivery", shows: ({ kind }) => kind === "component" },
  { label: "Scorecard", path: "scorecard", shows: ({ kind }) => !["user", "group", "location", "template"].includes(kind) },
  { label: "Activity", path: "activity" },
  { label: "Definition", path: "definition" },
];
