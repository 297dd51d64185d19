import { build } from "esbuild";
import { ROOT } from "./paths.mjs";

/** Packages of CommonJS within a module ask for it. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Bundles TypeScript of ours with all that it imports, for plain Node. `options` are esbuild's; `firstLine` stands before everything. */
export const bundleForNode = ({ firstLine = "", ...options }) =>
  build({
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    tsconfig: "tsconfig.json",
    legalComments: "none",
    logLevel: "warning",
    banner: { js: `${firstLine}${REQUIRE}` },
    ...options,
  });
