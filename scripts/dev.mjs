import { spawn } from "node:child_process";
import path from "node:path";
import { endChildren, killChildren } from "./launcher/child.mjs";
import { beginDatabase } from "./launcher/database.mjs";
import { onEnd } from "./launcher/ends.mjs";
import { dependenciesAreStale, installDependencies } from "./launcher/install.mjs";
import { dataFiles, ROOT } from "./launcher/paths.mjs";
import { portalEnv } from "./launcher/portal-env.mjs";
import { portTrouble } from "./launcher/ports.mjs";
import { fail, speaker } from "./launcher/say.mjs";
import { dataSecrets } from "./launcher/secrets.mjs";
import { launcherSettings } from "./launcher/settings.mjs";

const settings = launcherSettings();
const { launcherLog } = dataFiles(settings.dataDir);
const say = speaker(launcherLog);
let next = null;

process.once("exit", killChildren);
onEnd(async () => {
  if (next) next.kill("SIGTERM");
  else await endChildren().then(() => process.exit(130));
});

async function prepare() {
  const trouble = await portTrouble(settings.port);
  if (trouble) throw new Error(`Port ${settings.port} (PORT) ${trouble}. Set PORT to a free one (or --port N) and start again.`);
  if (dependenciesAreStale()) {
    say.step("Installing dependencies (npm ci)");
    await installDependencies(launcherLog);
  }
  const secrets = dataSecrets(settings.dataDir);
  const addresses = await beginDatabase(settings, secrets).finish();
  say.step(addresses.said);
  return { ...portalEnv(settings, addresses, secrets), NODE_ENV: "development" };
}

try {
  const env = await prepare();
  say.step(`Development server at ${settings.url}. Changes to lib/worker and instrumentation.ts count after a restart.`);
  const program = path.join(ROOT, "node_modules/next/dist/bin/next");
  next = spawn(process.execPath, [program, "dev", "-H", settings.bind, "-p", String(settings.port)], { cwd: ROOT, env, stdio: "inherit" });
  next.once("exit", (code) => process.exit(code ?? 0));
} catch (error) {
  fail(error.message);
}
