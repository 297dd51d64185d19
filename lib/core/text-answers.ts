type Schema = Record<string, unknown>;

const asSchema = (value: unknown): Schema => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {});

/** The value that a question of this type expects; text that does not look like one is left for the check to explain. */
export function typedValue(text: string, type: unknown): unknown {
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  if (type !== "array" && type !== "object") return text;
  try {
    return JSON.parse(text);
  } catch {
    return type === "array" ? text.split(",") : text;
  }
}

/** The type of each question of these pages, also of those that come only with certain answers; the first one of a name counts. */
export function questionTypes(pages: readonly Schema[]): Map<string, unknown> {
  const types = new Map<string, unknown>();
  const add = (page: Schema) => {
    for (const [name, question] of Object.entries(asSchema(page.properties))) if (!types.has(name)) types.set(name, asSchema(question).type);
    const branches = [page.allOf, page.anyOf, page.oneOf, page["then"], page["else"], ...Object.values(asSchema(page.dependencies))].flat();
    for (const branch of branches) if (typeof branch === "object" && branch !== null) add(asSchema(branch));
  };
  pages.forEach(add);
  return types;
}

/** Answers as a command line gives them, in the types of their questions; what is no text stays. */
export function typedAnswers(values: Schema, pages: readonly Schema[]): Schema {
  const types = questionTypes(pages);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? typedValue(value, types.get(name)) : value]));
}
