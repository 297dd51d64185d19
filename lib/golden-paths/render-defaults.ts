import { parseDefinition } from "./definition";
import { validateValues } from "./values";

/** Renders a path's folder with its own defaults into an empty folder. Throws DomainError("invalid") where it asks for something that has none. */
export async function renderDefaults(dir: string, targetDir: string): Promise<void> {
  const [{ materialize }, { readPathFolder }] = await Promise.all([import("./engine/materialize"), import("./engine/template-folder")]);
  const files = await readPathFolder(dir);
  const definition = parseDefinition(files.get("template.yaml")?.content.toString("utf8") ?? "");
  await materialize({
    files,
    definition,
    values: await validateValues(definition, {}),
    targetDir,
    context: { runId: "defaults", user: { ref: "user:default/waymark", name: "Waymark" } },
    scope: "workspace",
    signal: new AbortController().signal,
    log: () => {},
  });
}
