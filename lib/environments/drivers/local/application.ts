import { chmod, chown, lstat, mkdir, readFile, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { EnvironmentManifest } from "../../manifest";
import type { EnvironmentSpec, ExtraDatabase } from "../driver";
import { bubblewrapArgs, bubblewrapCommand, bubblewrapEnvironment, INSIDE, type SandboxRules } from "./bubblewrap";
import { createGroups } from "./cgroup";
import { entriesOf } from "./entries";
import { badTemplate, failure } from "./failures";
import { isCode } from "./home";
import { type LaunchPlan, launch } from "./launch";
import { ensureLayers, type Layers } from "./layers";
import type { Local } from "./local";
import { SYSTEM_PATH } from "./machine";
import { databaseNamed, type Place } from "./place";
import { LABEL_ENVIRONMENT, LABEL_INSTALLATION, LABEL_VERSION } from "./process-tree";
import { ensureRelay } from "./relay";
import { type DatabaseRoute, databaseRoute, databaseUrl, postgresSocket } from "./route";
import { livingRun, type RunRecord, removeDeadRun } from "./run-record";
import { prepareTelemetry, type Telemetry } from "./telemetry";

export interface Application {
  place: Place;
  /** What people call it. */
  name: string;
  manifest: EnvironmentManifest;
  variables: Record<string, string>;
  memoryMiB: number;
  /** Null for an environment without a database. */
  password: string | null;
  extraDatabases: ExtraDatabase[];
  telemetry: EnvironmentSpec["telemetry"];
}

interface Reporter {
  signal: AbortSignal;
  log(text: string): void;
}

const CPUS = 1;
const PROCESSES = 256;
/** The rest of the memory is for what is outside V8's heap. */
const HEAP_SHARE = 0.75;
/** Stacks and tables that count as data without being used. */
const BEYOND_HEAP_MIB = 128;

/** How the environment was rendered. Throws StepFailure when its files are gone. */
export async function readManifest(place: Place): Promise<EnvironmentManifest> {
  try {
    return EnvironmentManifest.parse(JSON.parse(await readFile(place.manifest, "utf8")));
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
    throw failure(
      "files-gone",
      { cause: "The environment's files are gone from the machine.", whoCanFix: "you", nextAction: "Delete this environment and create a new one." },
      error,
    );
  }
}

/** The folder in which a process finds the server's socket, with the relay behind it running where one is needed; null = by TCP. */
export async function postgresFolder(local: Local, route: DatabaseRoute, signal: AbortSignal): Promise<string | null> {
  if (route.socketDir !== null || local.machine.level !== "bubblewrap") return route.socketDir;
  const mode = route.security === "plain" ? "plain" : route.security === "verify" ? "postgres-verify" : "postgres";
  const target = { host: route.host, port: route.port, mode, socketName: path.basename(postgresSocket("/", route.port)) } as const;
  return ensureRelay(local.home, local.machine, local.settings.appRoot, target, signal);
}

/** What the process finds in its environment: the team's variables, and over them what the platform sets. */
function environmentOf(app: Application, telemetry: { preload: string; variables: Record<string, string> } | null, platform: Record<string, string>): Record<string, string> {
  const defaults = app.manifest.spec.variables.flatMap((variable) => (variable.default === undefined ? [] : [[variable.name, variable.default]]));
  return {
    NODE_ENV: "production",
    ...telemetry?.variables,
    ...Object.fromEntries(defaults),
    ...app.variables,
    ...platform,
    NODE_OPTIONS: [`--max-old-space-size=${Math.floor(app.memoryMiB * HEAP_SHARE)}`, ...(telemetry ? [`--require=${telemetry.preload}`] : [])].join(" "),
    ...labels(app.place),
  };
}

const labels = (place: Place) => ({ [LABEL_ENVIRONMENT]: place.environmentId, [LABEL_VERSION]: String(place.version), [LABEL_INSTALLATION]: place.installation });

/** Where control groups cannot limit the environment as a whole, at least each of its processes is limited. */
function limited({ machine }: Local, app: Application, start: string[]): string[] {
  if (machine.cgroups.version !== "none" || machine.prlimit === null) return start;
  // Their number is counted per account, so it can be limited only where nobody else has the same one.
  const processes = machine.level === "process" ? [] : [`--nproc=${PROCESSES}`];
  return [machine.prlimit, `--data=${(app.memoryMiB + BEYOND_HEAP_MIB) * 1024 * 1024}`, ...processes, "--", ...start];
}

type Start = Pick<LaunchPlan, "command" | "cwd" | "environment" | "secretArgs">;

interface Parts {
  layers: Layers;
  postgresDir: string | null;
  databaseUrl: Record<string, string>;
  telemetry: Telemetry | null;
}

async function inBubblewrap(local: Local, app: Application, parts: Parts): Promise<Start> {
  const { machine, home } = local;
  const { uid } = app.place;
  const account: SandboxRules["account"] =
    machine.bubblewrap === "drop-to" && uid !== null ? { by: "drop-to", uid } : { by: "user-namespace", disableNested: machine.disableNested };
  const rules: SandboxRules = { account, egress: app.manifest.spec.egress, hostname: app.place.environmentId.replaceAll("_", "-") };
  const view = {
    system: machine.system,
    node: home.node,
    etc: home.etc,
    app: app.place.app,
    entries: await entriesOf(app.place.app),
    nodeModules: parts.layers.nodeModules,
    built: parts.layers.built,
    socketDir: app.place.socketDir,
    postgresDir: parts.postgresDir,
    telemetry: parts.telemetry,
  };
  const inside = parts.telemetry && { ...parts.telemetry, preload: INSIDE.preload };
  return {
    command: ["bwrap", "--args", "4", ...bubblewrapArgs(view, rules), "--", ...bubblewrapCommand(limited(local, app, app.manifest.spec.start), rules)],
    cwd: "/",
    // Outside the sandbox only these: a team's variable such as LD_PRELOAD must not reach bwrap itself.
    environment: { PATH: SYSTEM_PATH, ...labels(app.place) },
    secretArgs: bubblewrapEnvironment(environmentOf(app, inside, { ...parts.databaseUrl, PORT: INSIDE.socket, PATH: INSIDE.path, HOME: INSIDE.home })),
  };
}

async function inTheOpen(local: Local, app: Application, parts: Parts): Promise<Start> {
  const { place, manifest } = app;
  const { nodeModules, built } = parts.layers;
  for (const { name, folder } of [{ name: "node_modules", folder: nodeModules }, ...(built ? [built] : [])]) {
    const link = path.join(place.app, name);
    await rm(link, { recursive: true, force: true });
    if (folder) await symlink(folder, link);
  }
  return {
    command: limited(local, app, [local.home.node, ...manifest.spec.start.slice(1)]),
    cwd: place.app,
    environment: environmentOf(app, parts.telemetry, { ...parts.databaseUrl, PORT: place.socket, PATH: `${path.dirname(process.execPath)}:${SYSTEM_PATH}`, HOME: place.app }),
    secretArgs: null,
  };
}

async function prepareSocketFolder({ socketDir, socket, uid }: Place): Promise<void> {
  await mkdir(socketDir, { recursive: true, mode: 0o700 });
  await chmod(socketDir, 0o700);
  if (uid !== null) await chown(socketDir, uid, uid);
  await rm(socket, { force: true });
}

/** Once it listens, the process needs its socket's folder no more; without it, it cannot fill the disk there. */
export async function sealSocketFolder({ socketDir }: Place): Promise<void> {
  if (process.getuid?.() !== 0) return;
  if ((await lstat(socketDir)).uid !== 0) await chown(socketDir, 0, 0);
}

async function databasePart(local: Local, app: Application, signal: AbortSignal): Promise<Pick<Parts, "postgresDir" | "databaseUrl">> {
  const route = databaseRoute(local.settings);
  if ((app.password === null && app.extraDatabases.length === 0) || !route) return { postgresDir: null, databaseUrl: {} };
  const folder = await postgresFolder(local, route, signal);
  const seen = folder === null ? null : local.machine.level === "bubblewrap" ? INSIDE.postgres : folder;
  const added = app.extraDatabases.map(({ name, variable, password }) => [variable, databaseUrl(route, databaseNamed(app.place, name), password, seen)]);
  const own = app.password === null ? {} : { DATABASE_URL: databaseUrl(route, app.place.database, app.password, seen) };
  return { postgresDir: folder, databaseUrl: { ...Object.fromEntries(added), ...own } };
}

/** Starts the environment's process unless it runs. Returns the one that runs in the end. */
export async function startApplication(local: Local, app: Application, report: Reporter): Promise<{ run: RunRecord; started: boolean }> {
  const { place } = app;
  const living = await livingRun(place.run);
  if (living) return { run: living, started: false };
  await removeDeadRun(place.run);
  if (!(await lstat(place.app).catch(() => null))) throw badTemplate("The golden path rendered no files.");
  const hasNetwork = local.machine.level !== "bubblewrap" || app.manifest.spec.egress;
  const [layers, database, telemetry, groups] = await Promise.all([
    ensureLayers(local, place.app, app.manifest, { ...report, log: () => {} }),
    databasePart(local, app, report.signal),
    prepareTelemetry(local, app, hasNetwork, report),
    createGroups(local.machine.cgroups, place.label, { memoryMiB: app.memoryMiB, cpus: CPUS, processes: PROCESSES }),
    prepareSocketFolder(place),
  ]);
  const parts: Parts = { layers, ...database, telemetry: telemetry.inject };
  const start = local.machine.level === "bubblewrap" ? await inBubblewrap(local, app, parts) : await inTheOpen(local, app, parts);
  report.signal.throwIfAborted();
  return launch({
    ...start,
    environmentId: place.environmentId,
    runFile: place.run,
    exitFile: place.exit,
    logFile: place.log,
    uid: local.machine.bubblewrap === "drop-to" ? null : place.uid,
    groups,
    telemetry: telemetry.target,
  });
}
