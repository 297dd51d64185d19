import { z } from "zod";
import { DATA_KINDS } from "../event-rows";

export const ANNOTATION_KINDS = ["release", "golden-path", "incident", "survey", "note"] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** Something that happened and may explain a figure. */
export interface Annotation {
  /** In the organisation's time zone. */
  day: string;
  kind: AnnotationKind;
  text: string;
  /** Its page; null where it has none. */
  href: string | null;
  /** Of a note: to remove it. */
  id: string | null;
}

export const AnnotationsInput = z.strictObject({
  node: z.string().trim().min(1).max(200).default("org"),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  data: z.enum(DATA_KINDS).optional(),
});
export const AddAnnotationInput = z.strictObject({
  day: z.iso.date("Write a day as 2026-03-02."),
  note: z.string().trim().min(1, "Say in a few words what happened.").max(140, "At most 140 characters."),
  /** Left out or `org`: of the whole organisation. */
  group: z.string().trim().max(200).optional(),
});
export const AnnotationId = z.strictObject({ id: z.string().max(64) });
