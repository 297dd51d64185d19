import path from "node:path";
import { build } from "esbuild";
import { ROOT } from "../launcher/paths.mjs";

/** Where the platform looks for it. */
export const PRELOAD = path.join(ROOT, "dist/otel/preload.cjs");

/** Bundles what sandboxes preload for OpenTelemetry into one file. */
export async function buildPreload(outfile = PRELOAD) {
  await build({
    entryPoints: [path.join(ROOT, "scripts/otel/preload.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "error",
  });
}
