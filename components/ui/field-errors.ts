import type { FieldError } from "@/lib/core/errors";

export interface ToldErrors {
  /** By path of the input, several sentences about one joined. */
  errors: Record<string, string>;
  /** Paths where a guardrail speaks: what it says may be out of date as soon as something else is typed. */
  guarded: string[];
  /** What no single field can put right. */
  message: string | null;
}

export const NOTHING_TOLD: ToldErrors = { errors: {}, guarded: [], message: null };

/** What a refusal says, and where. */
export function fieldErrors({ message, fields }: { message: string; fields: FieldError[] }): ToldErrors {
  const errors: Record<string, string> = {};
  for (const field of fields) if (field.path) errors[field.path] = [errors[field.path], field.message].filter(Boolean).join(" ");
  const rest = fields.filter(({ path }) => !path).map((field) => field.message);
  return {
    errors,
    guarded: fields.flatMap(({ path, guardrail }) => (path && guardrail ? [path] : [])),
    message: rest.length ? rest.join(" ") : fields.length ? null : message,
  };
}

/** Errors come with paths of the definition; the fields of its editor are named without it. */
export const errorsOfDefinition = (errors: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.replace(/^definition\./, ""), message]));
