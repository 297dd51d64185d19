import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { bundleForNode } from "./launcher/bundle.mjs";
import { ROOT } from "./launcher/paths.mjs";

// One plain file per command, so that it starts without node_modules.
const commands = ["waymark", "create-sandbox"];
const outdir = path.resolve(process.argv[2] ?? path.join(ROOT, "dist/cli"));
mkdirSync(outdir, { recursive: true });
await bundleForNode({ entryPoints: commands.map((name) => `lib/cli/${name}.ts`), outdir, firstLine: "#!/usr/bin/env node\n" });
for (const name of commands) chmodSync(path.join(outdir, `${name}.js`), 0o755);
