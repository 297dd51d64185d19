import type { FieldError } from "@/lib/core/errors";

/** What an answer says beside fields, several sentences about one joined; and what no single field can put right. */
export function fieldErrors({ message, fields }: { message: string; fields: FieldError[] }): { errors: Record<string, string>; message: string | null } {
  const errors: Record<string, string> = {};
  for (const field of fields) if (field.path) errors[field.path] = [errors[field.path], field.message].filter(Boolean).join(" ");
  const rest = fields.filter(({ path }) => !path).map((field) => field.message);
  return { errors, message: rest.length ? rest.join(" ") : fields.length ? null : message };
}
