import path from "node:path";
import { runInForeground } from "./launcher/foreground.mjs";
import { prepareCommands } from "./launcher/install.mjs";
import { ROOT } from "./launcher/paths.mjs";
import { fail } from "./launcher/say.mjs";

try {
  await prepareCommands();
} catch (error) {
  fail(error.message);
}
process.exit(await runInForeground([path.join(ROOT, "dist/cli/waymark.js"), ...process.argv.slice(2)]));
