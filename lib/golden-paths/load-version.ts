import { and, asc, eq } from "drizzle-orm";
import { type Connection, db } from "@/db/client";
import { goldenPaths, goldenPathTestRuns, goldenPathVersions } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { type TemplateFiles, unpackFiles } from "./archive";
import { type GoldenPathDefinition, pagesOf, parseDefinition, readDefinition } from "./definition";
import type { MaterializeArgs } from "./engine/materialize";
import { TEMPLATE_FILE } from "./lint/template-source";
import { manifestDatabase, manifestMemoryMiB } from "./sandbox-manifest";
import { splitSecrets } from "./secret-answers";
import { validateValues } from "./values";

/**
 * One published version for use by other domains: the definition, a renderer, its memory need,
 * and a validator of answers. Throws invalid with the names that exist.
 */
export async function loadGoldenPathVersion(on: Connection, name: string, version?: string) {
  const [found] = await on
    .select({ current: goldenPaths.currentVersion, row: goldenPathVersions })
    .from(goldenPaths)
    .leftJoin(goldenPathVersions, and(eq(goldenPathVersions.name, goldenPaths.name), eq(goldenPathVersions.version, version ?? goldenPaths.currentVersion)))
    .where(eq(goldenPaths.name, name));
  if (!found) return unknownPath(on, name);
  const { current, row } = found;
  if (!row) {
    const message = `The golden path ${name} has no version "${version ?? current}". Its current one is ${current}.`;
    throw new DomainError("invalid", message, { fields: [{ path: "version", message }] });
  }
  return pathOf({ name, version: row.version, definition: readDefinition(row.definition), archive: row.archive });
}

/** The files of a test run, for the same use. Throws not_found once they are forgotten. */
export async function loadTestedPath(on: Connection, testRunId: string) {
  const [row] = await on.select({ name: goldenPathTestRuns.name, archive: goldenPathTestRuns.archive }).from(goldenPathTestRuns).where(eq(goldenPathTestRuns.id, testRunId));
  if (!row?.archive) throw new DomainError("not_found", "The files of this test run are no longer kept. Start another one.");
  const definition = parseDefinition(unpackFiles(row.archive).get(TEMPLATE_FILE)?.content.toString("utf8") ?? "");
  return pathOf({ name: row.name, version: "draft", definition, archive: row.archive });
}

/** What environments are made from, published or not. */
export function pathOf({ name, version, definition, archive }: { name: string; version: string; definition: GoldenPathDefinition; archive: Buffer }) {
  let unpacked: TemplateFiles | null = null;
  const files = () => {
    unpacked ??= unpackFiles(archive);
    return unpacked;
  };
  return {
    name,
    version,
    definition,
    /** The version's files by path. */
    files,
    /** Renders the path into a folder; see engine/materialize. */
    materialize: async (args: Omit<MaterializeArgs, "files" | "definition">) => {
      const [{ materialize }, { loadStepRegistry }] = await Promise.all([import("./engine/materialize"), import("./step-actions/registry")]);
      return materialize({ registry: await loadStepRegistry(db()), ...args, definition, files: files() });
    },
    get memoryMiB() {
      return manifestMemoryMiB(files());
    },
    /** Told before rendering; false where that cannot be told from the answers alone. */
    wantsDatabase: async (values: Record<string, unknown>) => {
      const { renderer, RenderFailure } = await import("./engine/renderer");
      const request = { input: manifestDatabase(files()), context: { values }, failed: false };
      const answer = await renderer()
        .ask("values", request)
        .catch((error) => {
          if (error instanceof RenderFailure) return null;
          throw error;
        });
      return answer?.value === "postgres";
    },
    /** The answers that may be stored as they are, and those that are secrets. */
    splitSecrets: (values: Record<string, unknown>) => splitSecrets(definition, values),
    /** The answers with defaults; `implied` fills questions that Waymark knows the answer of. Throws invalid. */
    validateValues: (values: Record<string, unknown>, implied: Record<string, unknown>) => {
      const asked = new Set(pagesOf(definition).flatMap((page) => Object.keys(page.properties ?? {})));
      const known = Object.entries(implied).filter(([key]) => asked.has(key) && !(key in values));
      return validateValues(definition, { ...values, ...Object.fromEntries(known) });
    },
  };
}

async function unknownPath(on: Connection, name: string): Promise<never> {
  const names = (await on.select({ name: goldenPaths.name }).from(goldenPaths).where(eq(goldenPaths.isInternal, false)).orderBy(asc(goldenPaths.name))).map((row) => row.name);
  const message = `There is no golden path "${name}". Available: ${names.join(", ") || "none yet"}.`;
  throw new DomainError("invalid", message, { fields: [{ path: "goldenPath", message }] });
}
