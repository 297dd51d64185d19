import path from "node:path";
import { runTypeScript } from "./launcher/foreground.mjs";
import { hostEnv } from "./launcher/host-env.mjs";
import { ROOT } from "./launcher/paths.mjs";

// Commands that need no portal, only the data directory of one: the command line starts this as a child.
const dataDir = path.resolve(process.env.WAYMARK_DATA_DIR || path.join(ROOT, ".waymark"));
process.exit(await runTypeScript("lib/worker/host-command.ts", process.argv.slice(2), hostEnv(dataDir)));
