import path from "node:path";
import { bundleForNode } from "./launcher/bundle.mjs";
import { ROOT } from "./launcher/paths.mjs";
import { buildPreload } from "./otel/build.mjs";

/** The catalog's reader threads: TypeScript of ours, so bundled into one file that a thread can start from. */
const buildCatalogReader = () => bundleForNode({ entryPoints: ["lib/catalog/import/read-worker.ts"], outfile: path.join(ROOT, "dist/catalog/reader.mjs"), logLevel: "error" });

// What runs beside the app's own bundle.
await Promise.all([buildPreload(), buildCatalogReader()]);
