import { existsSync } from "node:fs";
import path from "node:path";
import { runInForeground } from "./launcher/foreground.mjs";
import { hostEnv } from "./launcher/host-env.mjs";
import { buildCli } from "./launcher/install.mjs";
import { HOST_COMMAND, ROOT } from "./launcher/paths.mjs";

// Commands that need no portal, only the data directory of one: the command line, which is bundled together with them, starts this as a child.
const dataDir = path.resolve(process.env.WAYMARK_DATA_DIR || path.join(ROOT, ".waymark"));
if (!existsSync(path.join(ROOT, HOST_COMMAND))) await buildCli("stderr");
process.exit(await runInForeground([HOST_COMMAND, ...process.argv.slice(2)], { cwd: ROOT, env: hostEnv(dataDir) }));
