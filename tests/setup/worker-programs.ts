import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { bundleForNode } from "../../scripts/launcher/bundle.mjs";
import { ROOT } from "../../scripts/launcher/paths.mjs";

const PARENT = path.join(ROOT, "node_modules/.cache/waymark-test-workers");
const PROGRAMS = ["tests/setup/engine-worker.ts", "tests/setup/provision-worker.ts", "tests/setup/run-worker.ts", "tests/faults/worker-process.ts"];

export interface WorkerPrograms {
  dir: string;
  remove(): Promise<void>;
}

/** Node's arguments for one of the programs, by its file's name. */
export const workerProgram = (dir: string, name: string): string[] => ["--conditions=react-server", path.join(dir, `${name}.mjs`)];

/**
 * The programs that tests start in order to kill them, each with all that it imports in one place: a process of it is there in a tenth of the
 * time that reading TypeScript takes, and hundreds are started.
 */
export async function bundleWorkerPrograms(): Promise<WorkerPrograms> {
  await mkdir(PARENT, { recursive: true });
  const dir = await mkdtemp(path.join(PARENT, "run-"));
  await bundleForNode({
    entryPoints: PROGRAMS.map((file) => ({ in: file, out: path.basename(file, ".ts") })),
    outdir: dir,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    conditions: ["react-server"],
    sourcemap: "linked",
    logLevel: "error",
  });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
