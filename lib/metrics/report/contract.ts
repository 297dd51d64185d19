import { z } from "zod";
import type { Annotation } from "../annotations/contract";
import type { Metric } from "../contract";
import { DATA_KINDS, type DataKind } from "../event-rows";

export const ReportInput = z.strictObject({
  /** `org`, a division or a team. */
  node: z.string().trim().min(1).max(200).default("org"),
  /** Left out: the last month that is over. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "Write a month as 2026-03.")
    .optional(),
  data: z.enum(DATA_KINDS).optional(),
});

/** A month of a group on one page; every figure is the one that the metric's own address gives for the same window. */
export interface DeliveryReport {
  node: { ref: string; title: string };
  data: DataKind;
  /** `2026-03` */
  month: string;
  /** In progress: the figures reach up to today. */
  isPartial: boolean;
  /** The five of DORA, then adoption and provisioning. */
  metrics: Metric[];
  /** Lead time and frequency month by month, twelve up to this one. */
  year: { leadTime: Metric; frequency: Metric };
  annotations: Annotation[];
  /** Services with something missing, of those with deployments. */
  lacking: { services: number; of: number };
  madeAt: string;
}
