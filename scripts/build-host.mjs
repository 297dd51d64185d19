import { renameSync } from "node:fs";
import path from "node:path";
import { bundleForNode } from "./launcher/bundle.mjs";
import { HOST_COMMAND, ROOT } from "./launcher/paths.mjs";

// What the command line starts on the server's own machine: the portal's code, in one file because reading it as TypeScript takes seconds.
const file = path.join(ROOT, HOST_COMMAND);
await bundleForNode({ entryPoints: ["lib/worker/host-command.ts"], outfile: `${file}.new`, conditions: ["react-server"] });
// Another command may be starting it just now.
renameSync(`${file}.new`, file);
