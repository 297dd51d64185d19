import { z } from "zod";
import { DATA_KINDS, type DataKind } from "../event-rows";
import type { AiSignal } from "./signals";

export const AiSignalsInput = z.strictObject({
  node: z.string().trim().min(1).max(200).default("org"),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  data: z.enum(DATA_KINDS).optional(),
});

/** Changes, or pull requests, of one class at their first production deployment. */
export interface AiRow {
  class: "authored" | "assisted" | "none";
  changes: number;
  /** Of all changes; null while the row is withheld. */
  share: number | null;
  /** Seconds from authoring to production, median. */
  leadTime: number | null;
  /** Failed deployments, each split in equal parts among its changes, per 100 changes. */
  failuresPer100: number | null;
  /** Failures per change against those without a signal, with its 95 % interval; null where there are too few to say anything. */
  ratio: { value: number; low: number; high: number } | null;
  /** Why the row tells only how many changes there were. */
  withheld?: string;
}

/** The same by merged pull requests, for the changes that came by one: its class is the strongest signal of its changes. */
export interface AiPullRequests {
  /** How many of the changes came by one. */
  changes: number;
  rows: AiRow[];
}

export interface AiSignalsView {
  node: { ref: string; title: string };
  data: DataKind;
  window: { from: string; to: string; timeZone: string };
  rows: AiRow[];
  /** `changes` of its rows are pull requests; null where no change came by one. */
  pullRequests: AiPullRequests | null;
  /** Share of changes with a signal by month; null where it would be about too few people. */
  months: { month: string; changes: number; share: number | null }[];
  /** Failed deployments in all, and how many are needed for a comparison. */
  failures: number;
  needed: number;
  /** Why there is no figure at all. */
  insufficient?: string;
  signals: AiSignal[];
  limits: string[];
}
