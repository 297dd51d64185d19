import { StepFailure } from "@/lib/runs/engine/types";
import type { EnvironmentManifest } from "../../manifest";
import type { Local } from "./local";
import type { Reporter } from "./made-once";

/** What stands beside an app's own sources while it runs; shared read-only by all that need the same. */
export interface Layers {
  nodeModules: string | null;
  built: { folder: string; name: string; isWritable: false } | null;
  /** Of the installed packages; null without any. */
  key: string | null;
}

/** Notes what sources use that ran before uses were noted. What cannot be read from them was never made for them. */
export async function noteLayers(local: Local, app: string, manifest: EnvironmentManifest): Promise<void> {
  try {
    const modules = await local.dependencies.note(app);
    const { build } = manifest.spec;
    if (build) await local.builds.note({ app, build, modules, isUrgent: false });
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
  }
}

/** Installs the packages and builds the sources, each unless that was done before, and says so. Throws StepFailure. */
export async function ensureLayers(local: Local, app: string, manifest: EnvironmentManifest, report: Reporter & { isUrgent?: boolean }): Promise<Layers> {
  const modules = await local.dependencies.ensure(app, report);
  report.log(modules === null ? "It has no dependencies." : modules.installed ? "Installed, and kept for the next environment." : "Taken from the cache.");
  const { build } = manifest.spec;
  const layers = { nodeModules: modules?.folder ?? null, built: null, key: modules?.key ?? null };
  if (!build) return layers;
  const { folder, tookMs } = await local.builds.ensure(local, { app, build, modules, isUrgent: report.isUrgent ?? true }, report);
  report.log(tookMs === null ? "These sources were built before." : `Built in ${(tookMs / 1000).toFixed(1)} s, and kept for the next environment.`);
  return { ...layers, built: { folder, name: build.output, isWritable: false } };
}
