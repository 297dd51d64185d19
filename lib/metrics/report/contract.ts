import { z } from "zod";
import { DATA_KINDS } from "../event-rows";

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
