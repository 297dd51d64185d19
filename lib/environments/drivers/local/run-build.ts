import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat, symlink } from "node:fs/promises";
import path from "node:path";
import type { EnvironmentManifest } from "../../manifest";
import { bubblewrapArgs, bubblewrapCommand, INSIDE, type SandboxRules } from "./bubblewrap";
import { createGroups, joinGroups, killGroups, removeGroup } from "./cgroup";
import { endsWithUs } from "./ends-with-us";
import { entriesOf } from "./entries";
import { failure } from "./failures";
import type { Home } from "./home";
import { type Machine, SYSTEM_PATH } from "./machine";

/** The machine and the data directory that builds are made on. */
export interface Grounds {
  machine: Machine;
  home: Home;
}

export interface BuildWish {
  app: string;
  /** False where nobody waits for it: it takes one processor at most. */
  isUrgent: boolean;
  build: NonNullable<EnvironmentManifest["spec"]["build"]>;
  modules: { folder: string; key: string } | null;
}

export interface Build extends BuildWish {
  /** A folder of its own with the sources. */
  app: string;
  /** Its own account, where the machine has accounts to give; the folders belong to it. */
  uid: number | null;
  /** Empty; where the result goes inside a sandbox. */
  output: string;
  /** An empty folder. */
  sockets: string;
}

const MEMORY_MIB = 1_536;
const CPUS = 2;
const PROCESSES = 256;
const DEADLINE_MS = 5 * 60_000;
const WATCH_MS = 1_000;
const MAX_BYTES = 512 * 1024 * 1024;
const LAST_LINES = 25;
/** A single file's size, in blocks of 512 bytes. */
const FILE_LIMIT_BLOCKS = "131072";

// Waits for a word, so that it is in its control groups before it does anything.
const STARTER = `read -r go || exit 1; ulimit -c 0; ulimit -f "$1"; shift; exec "$@" </dev/null`;

const environment = (more: Record<string, string>): Record<string, string> => ({
  CI: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NODE_OPTIONS: `--max-old-space-size=${MEMORY_MIB / 2}`,
  ...more,
});

function inBubblewrap({ machine, home }: Grounds, build: Build, entries: Awaited<ReturnType<typeof entriesOf>>) {
  const account: SandboxRules["account"] =
    machine.bubblewrap === "drop-to" && build.uid !== null ? { by: "drop-to", uid: build.uid } : { by: "user-namespace", disableNested: machine.disableNested };
  const rules: SandboxRules = { account, egress: false, hostname: "build" };
  const built = { folder: build.output, name: build.build.output, isWritable: true };
  const view = {
    system: machine.system,
    node: home.node,
    etc: home.etc,
    app: build.app,
    entries,
    nodeModules: build.modules?.folder ?? null,
    built,
    socketDir: build.sockets,
    postgresDir: null,
    telemetry: null,
  };
  const variables = Object.entries(environment({ NODE_ENV: "production", PATH: INSIDE.path, HOME: INSIDE.home })).flatMap(([name, value]) => ["--setenv", name, value]);
  return {
    command: ["bwrap", "--clearenv", ...variables, ...bubblewrapArgs(view, rules), "--", ...bubblewrapCommand(build.build.run, rules)],
    cwd: "/",
    environment: { PATH: SYSTEM_PATH } as Record<string, string>,
    uid: machine.bubblewrap === "drop-to" ? null : build.uid,
  };
}

async function inTheOpen({ home }: Grounds, build: Build) {
  if (build.modules) await symlink(build.modules.folder, path.join(build.app, "node_modules"));
  return {
    command: [home.node, ...build.build.run.slice(1)],
    cwd: build.app,
    environment: environment({ PATH: `${path.dirname(process.execPath)}:${SYSTEM_PATH}`, HOME: build.app }),
    uid: build.uid,
  };
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Runs a build without network and variables, with limits of memory, time and disk. Throws StepFailure with its last lines. */
export async function runBuild(on: Grounds, build: Build, log: (text: string) => void): Promise<void> {
  const { command, cwd, environment: env, uid } = on.machine.level === "bubblewrap" ? inBubblewrap(on, build, await entriesOf(build.app)) : await inTheOpen(on, build);
  const groups = await createGroups(on.machine.cgroups, path.basename(path.dirname(build.app)), {
    memoryMiB: MEMORY_MIB,
    cpus: build.isUrgent ? CPUS : 1,
    processes: PROCESSES,
  });
  const account = uid === null ? {} : { uid, gid: uid };
  const child = spawn("/bin/sh", ["-c", STARTER, "build", FILE_LIMIT_BLOCKS, ...command], {
    ...account,
    cwd,
    env: { NODE_ENV: "production", ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  endsWithUs(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter((line) => line.trim()));
      lines.splice(0, Math.max(0, lines.length - LAST_LINES));
    });
  }
  let reason: string | null = null;
  const end = (why: string) => {
    reason ??= why;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const deadline = setTimeout(() => end(`The build took longer than ${DEADLINE_MS / 60_000} minutes.`), DEADLINE_MS);
  const watch = setInterval(async () => (await bytesBelow(build.output)) + (await bytesBelow(build.app)) > MAX_BYTES && end("The build wrote more than 512 MB."), WATCH_MS);
  try {
    await once(child, "spawn");
    if (child.pid !== undefined) await joinGroups(groups, child.pid);
    child.stdin.end("go\n");
    const [code] = await once(child, "close");
    for (const line of lines) log(line);
    if (code !== 0 || reason) throw failed(reason ?? lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? `The build ended with code ${code} and said nothing.`);
  } finally {
    clearTimeout(deadline);
    clearInterval(watch);
    await killGroups(groups);
    for (const group of groups) await removeGroup(group);
  }
}

const failed = (cause: string) =>
  failure("build-failed", {
    cause: `The sources cannot be built: ${cause}`,
    whoCanFix: "you",
    nextAction: "Read the build's last lines in the log of this step, correct the sources, and try again.",
  });
