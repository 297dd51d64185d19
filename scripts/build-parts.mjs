import path from "node:path";
import { build } from "esbuild";
import { ROOT } from "./launcher/paths.mjs";
import { buildPreload } from "./otel/build.mjs";

/** The catalog's reader threads: TypeScript of ours, so bundled into one file that a thread can start from. */
async function buildCatalogReader() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["lib/catalog/import/read-worker.ts"],
    outfile: path.join(ROOT, "dist/catalog/reader.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    tsconfig: "tsconfig.json",
    legalComments: "none",
    logLevel: "error",
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  });
}

// What runs beside the app's own bundle.
await Promise.all([buildPreload(), buildCatalogReader()]);
