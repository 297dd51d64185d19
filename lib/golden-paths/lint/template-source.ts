import { DomainError, isDomainError } from "@/lib/core/errors";
import { asSchema } from "@/lib/core/schema-messages";
import { parseYaml, YamlProblem } from "@/lib/core/yaml";
import type { YamlSource } from "@/lib/core/yaml-source";
import type { TemplateFiles } from "../archive";
import { GoldenPathDefinition } from "../definition";
import type { Remarks } from "./remarks";

export const TEMPLATE_FILE = "template.yaml";

export interface ReadTemplate {
  /** Null while the text does not fit the schema. */
  definition: GoldenPathDefinition | null;
  /** What the text says, whether it fits or not; null while it is no YAML. */
  source: YamlSource | null;
}

/** Reads template.yaml; syntax and schema problems become remarks on their lines. */
export function readTemplate(text: string, remarks: Remarks): ReadTemplate {
  const source = readYaml(text, remarks);
  if (!source) return { definition: null, source };
  const parsed = GoldenPathDefinition.safeParse(source.data);
  if (parsed.success) return { definition: parsed.data, source };
  for (const issue of parsed.error.issues) {
    const isMissing = issue.code === "invalid_type" && /received undefined$/.test(issue.message);
    const at = issue.path.map(String).join(".");
    const message = isMissing ? "is missing" : issue.message;
    remarks.error("schema", source.keyLineOf(issue.path), at ? `${at}: ${message}` : `The file ${message}.`);
  }
  return { definition: null, source };
}

function readYaml(text: string, remarks: Remarks): YamlSource | null {
  try {
    return parseYaml(text, TEMPLATE_FILE);
  } catch (error) {
    if (error instanceof YamlProblem) remarks.error("yaml", error.line, error.problem);
    else if (isDomainError(error)) remarks.error("yaml", 1, error.message);
    else throw error;
    return null;
  }
}

/** What template.yaml calls the path. Throws DomainError("invalid") when it names none that can be used. */
export function nameInTemplate(files: TemplateFiles): string {
  const { data } = parseYaml(files.get(TEMPLATE_FILE)?.content.toString("utf8") ?? "", TEMPLATE_FILE);
  const name = asSchema(asSchema(data).metadata).name;
  if (typeof name === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 63) return name;
  const message = `template.yaml calls the path ${JSON.stringify(name) ?? "nothing"}. Set metadata.name to lower case letters, digits and hyphens, such as node-express.`;
  throw new DomainError("invalid", message, { fields: [{ path: "files", message }] });
}
