import { runTypeScript } from "./launcher/foreground.mjs";

process.exit(await runTypeScript("tests/faults/campaign.ts", process.argv.slice(2)));
