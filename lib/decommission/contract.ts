import { z } from "zod";
import type { DecommissionChoice, DecommissionResult } from "@/db/schema";

export type { DecommissionChoice, DecommissionResult };
export type Choice = DecommissionChoice["choice"];

/** One thing of the service and what can become of it; the first choice is the safe one and the default. */
export interface DecommissionItem {
  key: string;
  kind: DecommissionChoice["kind"] | "database" | "dependant";
  name: string;
  href: string | null;
  /** What it is, in a few words. */
  detail: string;
  choices: { value: Choice; label: string; what: string }[];
  /** What happens where there is nothing to choose. */
  what: string | null;
}

export interface DecommissionPlan {
  entityRef: string;
  title: string;
  /** To be typed. */
  name: string;
  items: DecommissionItem[];
  /** Names what was looked at; given back, it tells when something was added meanwhile. */
  digest: string;
  /** What could not be looked at, and why. */
  notes: string[];
}

/** A service by its short name or ref. */
export const DecommissionServiceInput = z.strictObject({ service: z.string().min(1).max(200) });
export const DecommissionInput = DecommissionServiceInput.extend({
  confirm: z.string({ error: "Type the name of the service to confirm." }).max(200),
  /** By key of the item; what is left out takes its default. */
  choices: z.record(z.string().max(300), z.enum(["delete", "archive", "remove", "keep"])).default({}),
  digest: z.string().max(64).optional(),
});
export const DecommissionId = z.strictObject({ id: z.string().max(64) });

export interface DecommissionReceipt {
  /** The id of its run. */
  id: string;
  entityRef: string;
  title: string;
  requestedBy: { handle: string; name: string } | null;
  requestedAt: string;
  /** Null while the run is under way, or after it failed. */
  completedAt: string | null;
  results: DecommissionResult[];
  undone: { at: string; by: string } | null;
  /** Until when the entries in the catalog can be brought back; null when they cannot. */
  undoUntil: string | null;
}
