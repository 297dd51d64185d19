import type { DecommissionItem } from "@/lib/decommission/contract";

export const KIND_WORDS: Record<DecommissionItem["kind"], string> = {
  environment: "Environment",
  database: "Database",
  "pull-request": "Pull request",
  webhook: "Webhook",
  repository: "Repository",
  entity: "Catalog entry",
  dependant: "Dependant",
};
