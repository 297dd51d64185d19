import { stringify } from "yaml";
import type { ApiDescription } from "../contract";
import { isPlainObject } from "../import/draft";
import { describeAsyncApi } from "./asyncapi";
import { describeOpenApi } from "./openapi";
import { NONE, readDocument } from "./shapes";

// What an API offers, read from the text of its definition: operations and types in one shape for all formats. A definition that
// cannot be read is shown as the text that it is, with the reason.

/** The text of an API entity's definition as its author wrote it; placeholders may have made it an object. Null where there is none. */
export function definitionText(definition: Record<string, unknown>): string | null {
  const spec = isPlainObject(definition.spec) ? definition.spec : {};
  if (typeof spec.definition === "string") return spec.definition.trim() ? spec.definition : null;
  return isPlainObject(spec.definition) ? stringify(spec.definition) : null;
}

/** Operations and types of a definition. `type` is the entity's spec.type; the text itself decides where it says what it is. */
export async function describeApi(type: string | null, text: string): Promise<ApiDescription> {
  const format = formatOf(type, text);
  try {
    switch (format) {
      case "graphql":
        // These two bring parsers of their own, which the portal loads when somebody looks at such an API.
        return (await import("./graphql")).describeGraphql(text);
      case "grpc":
        return (await import("./grpc")).describeGrpc(text);
      case "openapi":
        return describeOpenApi(readDocument(text));
      case "asyncapi":
        return describeAsyncApi(readDocument(text));
      default:
        return { ...NONE, format: "other" };
    }
  } catch (error) {
    return { ...NONE, format, problem: problemOf(error) };
  }
}

function formatOf(type: string | null, text: string): ApiDescription["format"] {
  const head = text.slice(0, 20_000);
  if (/^\s*["']?(openapi|swagger)["']?\s*:/m.test(head)) return "openapi";
  if (/^\s*["']?asyncapi["']?\s*:/m.test(head)) return "asyncapi";
  if (/^\s*syntax\s*=\s*["']proto[23]["']/m.test(head)) return "grpc";
  const named = (type ?? "").toLowerCase();
  return named === "openapi" || named === "asyncapi" || named === "graphql" || named === "grpc" ? named : "other";
}

/** The reason in the words of the parser, with its line where it tells one. */
function problemOf(error: unknown): string {
  if (error instanceof RangeError) return "It is nested too deeply.";
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 300) || "It is unreadable.";
}
