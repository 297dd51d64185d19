import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, chmod, constants, mkdir, open, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type HostFolder, systemFolders } from "@/lib/core/bubblewrap";
import { type AccountRange, ownAccounts } from "./account";
import { bubblewrapArgs, bubblewrapCommand, bubblewrapEnvironment, type SandboxRules } from "./bubblewrap";
import type { CgroupSystem } from "./cgroup";
import { detectCgroups } from "./cgroup-detect";
import type { Home } from "./home";
import type { LocalSettings } from "./settings";

/** What this machine offers for keeping environments apart, found out by trying. */
export interface Machine {
  level: "bubblewrap" | "own-user" | "process";
  /** How bwrap is used; null when it is not. */
  bubblewrap: SandboxRules["account"]["by"] | null;
  disableNested: boolean;
  accounts: AccountRange | null;
  cgroups: CgroupSystem;
  /** The program that limits single processes, for machines without control groups; null when there is none. */
  prlimit: string | null;
  system: HostFolder[];
  /** Why bubblewrap is not used, in words; null when it is. */
  weakness: string | null;
}

const TRIAL_MS = 10_000;
/** Programs are found here, whatever PATH the portal was started with. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const PRLIMIT = "/usr/bin/prlimit";

interface Trial {
  rules: SandboxRules;
  uid: number | null;
}

/** Starts node in a complete sandbox; null when that worked, else why not. */
async function tryBubblewrap(home: Home, settings: LocalSettings, system: HostFolder[], { rules, uid }: Trial): Promise<string | null> {
  const folder = path.join(home.sandboxes, `.trial-${randomBytes(6).toString("hex")}`);
  const [app, socketDir, args] = ["app", "sockets", "args"].map((name) => path.join(folder, name)) as [string, string, string];
  await mkdir(folder, { mode: 0o711 });
  try {
    for (const made of [app, socketDir]) {
      await mkdir(made);
      // In a trial nothing is worth protecting, and this spares telling the accounts apart.
      await chmod(made, 0o777);
    }
    await writeFile(path.join(app, "file"), "");
    await writeFile(args, bubblewrapEnvironment({ PATH: "/waymark/bin" }));
    const view = {
      system,
      node: home.node,
      etc: home.etc,
      app,
      entries: [{ at: "file", link: null }],
      nodeModules: null,
      socketDir,
      postgresDir: settings.socketDir,
      telemetry: null,
    };
    const handle = await open(/*turbopackIgnore: true*/ args, "r");
    try {
      return await outcomeOf(["--args", "3", ...bubblewrapArgs(view, rules), "--", ...bubblewrapCommand(["node", "--version"], rules)], handle.fd, uid);
    } finally {
      await handle.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function outcomeOf(args: string[], fd: number, uid: number | null): Promise<string | null> {
  const child = spawn("bwrap", args, {
    ...(uid === null ? {} : { uid, gid: uid }),
    cwd: "/",
    env: { NODE_ENV: "production", PATH: SYSTEM_PATH },
    stdio: ["ignore", "ignore", "pipe", fd],
    timeout: TRIAL_MS,
    killSignal: "SIGKILL",
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  try {
    const [code] = await once(child, "close");
    return code === 0 ? null : (words.trim().split("\n")[0] ?? "") || `it ended with ${code}`;
  } catch {
    return "it is not installed";
  }
}

function trials(accounts: AccountRange | null): Trial[] {
  const rules = (account: SandboxRules["account"]): SandboxRules => ({ account, egress: false, hostname: "trial" });
  const uid = accounts?.first ?? null;
  return [
    { rules: rules({ by: "user-namespace", disableNested: true }), uid },
    { rules: rules({ by: "user-namespace", disableNested: false }), uid },
    ...(uid === null ? [] : [{ rules: rules({ by: "drop-to", uid }), uid: null }]),
  ];
}

async function detectBubblewrap(
  home: Home,
  settings: LocalSettings,
  system: HostFolder[],
  accounts: AccountRange | null,
): Promise<Pick<Machine, "bubblewrap" | "disableNested" | "weakness">> {
  if (process.platform !== "linux") return { bubblewrap: null, disableNested: false, weakness: "bubblewrap exists on Linux only" };
  // As root without other accounts to run under, bwrap would start sandboxes as root.
  if (process.getuid?.() === 0 && !accounts) return { bubblewrap: null, disableNested: false, weakness: "the portal is root and knows no other accounts" };
  let weakness: string | null = null;
  for (const trial of trials(accounts)) {
    const failed = await tryBubblewrap(home, settings, system, trial);
    const { account } = trial.rules;
    if (failed === null) return { bubblewrap: account.by, disableNested: account.by === "user-namespace" && account.disableNested, weakness: null };
    weakness ??= `bubblewrap does not work here: ${failed}`;
  }
  return { bubblewrap: null, disableNested: false, weakness };
}

/** Tries from the strongest level down what works here. Takes tens of milliseconds; ask once per process. */
export async function detectMachine(home: Home, settings: LocalSettings): Promise<Machine> {
  const [accounts, system, cgroups, prlimit] = await Promise.all([
    settings.strongest === "process" ? null : ownAccounts(),
    systemFolders(),
    detectCgroups(home.installation),
    access(PRLIMIT, constants.X_OK).then(
      () => PRLIMIT,
      () => null,
    ),
  ]);
  const fallback = { accounts, system, cgroups, prlimit, level: accounts ? ("own-user" as const) : ("process" as const) };
  if (settings.strongest !== "bubblewrap") return { ...fallback, bubblewrap: null, disableNested: false, weakness: "the platform's settings do not use it" };
  const bubblewrap = await detectBubblewrap(home, settings, system, accounts);
  return bubblewrap.bubblewrap ? { ...fallback, ...bubblewrap, level: "bubblewrap" } : { ...fallback, ...bubblewrap };
}
