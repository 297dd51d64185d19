import type { SQL } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { FactGroupName } from "../contract-facts";

/** Tells one group of facts. Domains after this one give theirs to the worker, which hands them over. */
export interface FactSource {
  group: FactGroupName;
  /** What it reads: while nothing is written there, it has nothing new to tell. */
  tables: string[];
  /** A select of `entity_ref`, `facts` (jsonb, without what is not known) and `observed_at`, as of a moment. */
  rows: (on: Connection, now: Date) => SQL;
}
