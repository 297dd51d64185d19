import type { EntitySource } from "../contract";

/** Where an import comes from, as it is written beside each entity. */
export interface Provenance {
  source: EntitySource;
  registeredBy: string | null;
  goldenPath: { name: string; version: string } | null;
  repositoryId: string | null;
  /** The team that answers for the source. */
  teamRef: string | null;
  isDemo: boolean;
  now: Date;
}
