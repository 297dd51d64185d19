import { Validator } from "@cfworker/json-schema";
import type { RJSFSchema, ValidatorType } from "@rjsf/utils";
import { asSchema, explainErrors, type Schema } from "@/lib/core/schema-messages";

/** What does not fit, by dotted path; the words are those of the server. */
export function problemsOf(schema: Schema, values: unknown): Record<string, string> {
  const { valid, errors } = new Validator(schema as ConstructorParameters<typeof Validator>[0], "7", false).validate(values ?? {});
  if (valid) return {};
  return Object.fromEntries(explainErrors(schema, asSchema(values), errors).map(({ path, message }) => [path.replace(/^values\.?/, ""), message]));
}

/** Interprets schemas instead of compiling them: the content security policy allows no code made at run time. */
export const interpretingValidator: ValidatorType = {
  // Problems are shown by SchemaForm, which also knows those that the server found.
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid(schema: RJSFSchema, formData: unknown, rootSchema: RJSFSchema) {
    try {
      const definitions = rootSchema.definitions ? { definitions: rootSchema.definitions } : {};
      return new Validator({ ...definitions, ...schema } as ConstructorParameters<typeof Validator>[0], "7", false).validate(formData ?? {}).valid;
    } catch {
      return false;
    }
  },
};
