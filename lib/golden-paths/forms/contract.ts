import { z } from "zod";
import { type GoldenPathVersion, PathName, VersionText } from "../contract-editing";

/** How long a form may stay open before it counts as abandoned. */
export const FORM_HOURS = 24;

export const CountFormInput = z.strictObject({
  name: PathName,
  version: VersionText,
  /** Random, made by the browser for one form; says nothing about a person. */
  form: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, "16 to 64 random letters and digits."),
  state: z.enum(["open", "sent"]),
  /** Name of the question that was touched last, never its answer. A name that the form does not ask for is ignored. */
  field: z.string().max(200).optional(),
});

/** Sums over all forms of a version. Abandoned: opened and not sent within a day; `lastTouched` is about those, an empty name: nothing was touched. */
export type FormUse = NonNullable<GoldenPathVersion["forms"]>;
