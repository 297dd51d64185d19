import { endChildren, killChildren } from "./launcher/child.mjs";
import { beginDatabase } from "./launcher/database.mjs";
import { onEnd } from "./launcher/ends.mjs";
import { buildApp, buildCli, buildIsStale, cliIsStale, dependenciesAreStale, installDependencies } from "./launcher/install.mjs";
import { dataFiles } from "./launcher/paths.mjs";
import { startPortal } from "./launcher/portal.mjs";
import { portalEnv } from "./launcher/portal-env.mjs";
import { portTrouble } from "./launcher/ports.mjs";
import { isAlive } from "./launcher/process-identity.mjs";
import { claim, notePortal, release } from "./launcher/running.mjs";
import { fail, rotate, speaker } from "./launcher/say.mjs";
import { dataSecrets } from "./launcher/secrets.mjs";
import { launcherSettings } from "./launcher/settings.mjs";

const DEMO_PEOPLE = "ada (engineer of checkout) · bo (engineer of search) · olga (owner of checkout) · max (manager of Commerce) · pat (platform admin)";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Node is ${process.versions.node}; Waymark needs 20.19 or later.`, 2);

const settings = launcherSettings();
const files = dataFiles(settings.dataDir);
const say = openLog();
let portal = null;
let ending = false;

function openLog() {
  try {
    return speaker(files.launcherLog);
  } catch (error) {
    return fail(`WAYMARK_DATA_DIR is ${JSON.stringify(settings.dataDir)}; expected a folder that can be written (${error.code}).`, 2);
  }
}

/** Takes the data directory and looks at the ports. Throws when somebody else has one of them. */
async function takePlace() {
  const { url, port, proxyPort, dataDir } = settings;
  const other = claim(files.portal, { url, port, proxyPort });
  if (other) {
    const state = isAlive(other) ? "already runs" : "is just being started";
    throw new Error(`Waymark ${state} from ${dataDir}: ${other.url}. Stop it with \`npm stop\`, or use another --data and --port for a second one.`);
  }
  process.once("exit", () => release(files.portal));
  for (const [name, number, how] of [
    ["PORT", port, "PORT to a free one (or --port N)"],
    ["WAYMARK_PROXY_PORT", proxyPort, "WAYMARK_PROXY_PORT to a free one"],
  ]) {
    const trouble = await portTrouble(number);
    if (trouble) throw new Error(`Port ${number} (${name}) ${trouble}. Set ${how} and start again.`);
  }
}

/** Brings packages, database and build up to date, only what is stale. Returns the environment of the portal. */
async function prepare() {
  const secrets = dataSecrets(settings.dataDir);
  if (dependenciesAreStale()) {
    say.step("Installing dependencies (npm ci)");
    await installDependencies(files.launcherLog);
  }
  // The binaries came with the dependencies; making the database takes less time than building.
  const database = beginDatabase(settings, secrets);
  if (buildIsStale()) {
    say.step("Building, a minute or two");
    await buildApp(files.launcherLog);
  }
  if (cliIsStale()) await buildCli(files.launcherLog);
  const addresses = await database.finish();
  say.step(addresses.said);
  return portalEnv(settings, addresses, secrets);
}

async function end() {
  ending = true;
  if (portal) {
    say.step("Stopping: open requests end first");
    await portal.drain();
    const left = settings.databaseUrl ? "Running sandboxes go on" : "Embedded PostgreSQL and running sandboxes go on";
    say.plain(`The portal is stopped. ${left}; \`npm stop\` stops them too.`);
    process.exit(0);
  }
  await endChildren();
  process.exit(130);
}

function welcome() {
  say.step(`Waymark is ready: ${settings.url}`);
  if (settings.demo) say.plain(`         Demo sign-in: ${DEMO_PEOPLE}`);
  say.plain(`         Sandboxes answer at http://<name>.${settings.sandboxDomain}:${settings.proxyPort} · log: ${files.portalLog}`);
}

async function main() {
  await takePlace();
  for (const log of [files.launcherLog, files.portalLog]) rotate(log);
  if (settings.notice) say.step(settings.notice);
  const env = await prepare();
  if (ending) return;
  say.step("Starting the portal");
  portal = startPortal(settings, env, files.portalLog);
  notePortal(files.portal, portal.pid);
  await portal.untilReady();
  if (!ending) welcome();
  const how = await portal.ended;
  if (!ending) throw new Error(`The portal ended by itself (${how}). The end of ${files.portalLog}:\n${portal.words()}`);
}

process.once("exit", () => {
  killChildren();
  portal?.kill();
});
onEnd(end);
try {
  await main();
} catch (error) {
  // What breaks because we end is no news.
  if (!ending) say.fail(error.message);
}
