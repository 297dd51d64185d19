import { DomainError } from "@/lib/core/errors";
import { explainErrors, type Schema } from "@/lib/core/schema-messages";
import { RenderFailure, renderer } from "../engine/renderer";

const MAX_CHARACTERS = 256 * 1024;

/** The values if they fit the schema, checked in the template thread. Throws DomainError("invalid") naming what does not fit; `what` begins the sentence. */
export async function fitting(schema: Schema, values: Record<string, unknown>, what: string): Promise<Record<string, unknown>> {
  if (JSON.stringify(values).length > MAX_CHARACTERS) throw new DomainError("invalid", `${what} is larger than 256 kB.`);
  try {
    const { valid, errors } = await renderer().ask("validate", { schema, instance: values }, { deadlineMs: 1_000 });
    if (valid) return values;
    const fields = explainErrors(schema, values, errors).map(({ path, message }) => ({ path: path.replace(/^values/, "input"), message }));
    throw new DomainError("invalid", `${what} does not fit its schema: ${fields.map(({ path, message }) => `${path}: ${message}`).join(" ")}`, { fields });
  } catch (error) {
    if (!(error instanceof RenderFailure)) throw error;
    throw new DomainError("invalid", `${what} could not be checked against its schema: ${error.message}`, { cause: error });
  }
}
