import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { ROOT } from "./launcher/paths.mjs";

// One plain file per command, so that it starts without node_modules.
const commands = ["waymark", "create-sandbox"];
const outdir = path.resolve(process.argv[2] ?? path.join(ROOT, "dist/cli"));
mkdirSync(outdir, { recursive: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: commands.map((name) => `lib/cli/${name}.ts`),
  outdir,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  tsconfig: "tsconfig.json",
  legalComments: "none",
  banner: { js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  logLevel: "warning",
});
for (const name of commands) chmodSync(path.join(outdir, `${name}.js`), 0o755);
