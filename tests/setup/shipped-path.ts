import { readFile } from "node:fs/promises";
import path from "node:path";
import type { EnvironmentSpec } from "@/lib/environments/drivers/driver";
import { parseManifest } from "@/lib/environments/manifest";
import { parseDefinition } from "@/lib/golden-paths/definition";
import { materialize } from "@/lib/golden-paths/engine/materialize";
import { renderer } from "@/lib/golden-paths/engine/renderer";
import { readPathFolder } from "@/lib/golden-paths/engine/template-folder";
import { validateValues } from "@/lib/golden-paths/values";

/** Renders a golden path of this repository, as a run does it from a published version. */
export function shippedPath(name: string, values: Record<string, unknown> = {}): EnvironmentSpec["materialize"] {
  return async (targetDir, run, signal) => {
    const files = await readPathFolder(path.join(process.cwd(), "golden-paths", name));
    const definition = parseDefinition(files.get("template.yaml")?.content.toString() ?? "");
    const context = { runId: run.runId, user: { ref: "user:default/ada", name: "Ada" }, environment: { name: "shop" } };
    await materialize({ files, definition, values: await validateValues(definition, values, renderer()), targetDir, context, scope: "workspace", signal, log: () => {} });
    return parseManifest(await readFile(path.join(targetDir, "waymark.yaml"), "utf8"));
  };
}
