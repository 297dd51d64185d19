import { renameSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { HOST_COMMAND, ROOT } from "./launcher/paths.mjs";

// What the command line starts on the server's own machine: the portal's code, in one file because reading it as TypeScript takes seconds.
const file = path.join(ROOT, HOST_COMMAND);
await build({
  absWorkingDir: ROOT,
  entryPoints: ["lib/worker/host-command.ts"],
  outfile: `${file}.new`,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  conditions: ["react-server"],
  tsconfig: "tsconfig.json",
  legalComments: "none",
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  logLevel: "warning",
});
// Another command may be starting it just now.
renameSync(`${file}.new`, file);
