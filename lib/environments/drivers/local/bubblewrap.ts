import { type HostFolder, namespaceArgs, scratchArgs, systemArgs } from "@/lib/core/bubblewrap";

// Builds the arguments of bwrap; pure, so that what a sandbox may see can be read and tested in one place.
// Inside: an empty root with /usr read-only, the app's sources read-only in a small scratch folder /app, a socket folder /run/waymark
// for HTTP in, and /pg for Postgres. Everything else of the machine is absent, not just forbidden.

export interface SandboxView {
  /** /bin, /lib and the like as they are on this machine. */
  system: HostFolder[];
  node: string;
  etc: string;
  app: string;
  /** First-level entries of `app`. */
  entries: HostFolder[];
  nodeModules: string | null;
  /** What a build made, or is about to make, by its name beside the sources. */
  built?: { folder: string; name: string; isWritable: boolean } | null;
  socketDir: string;
  postgresDir: string | null;
  /** Platform's OpenTelemetry bundle and the folder of the collector's socket. */
  telemetry: { preload: string; socketDir: string | null } | null;
}

export interface SandboxRules {
  /**
   * `user-namespace`: bwrap itself runs under an ordinary account and maps it to 1000 inside.
   * `drop-to`: bwrap runs as root where ordinary accounts may not make namespaces, and the command is started under this uid.
   */
  account: { by: "user-namespace"; disableNested: boolean } | { by: "drop-to"; uid: number };
  /** False: own network namespace without a way out. */
  egress: boolean;
  hostname: string;
}

export const INSIDE = {
  app: "/app",
  socket: "/run/waymark/http.sock",
  postgres: "/pg",
  telemetrySocket: "/otlp/otlp.sock",
  preload: "/waymark/otel.cjs",
  path: "/waymark/bin:/usr/local/bin:/usr/bin:/bin",
  home: "/tmp",
} as const;

const SCRATCH_BYTES = 64 * 1024 * 1024;
const SHARED_MEMORY_BYTES = 16 * 1024 * 1024;
const NETWORK_FILES = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/ssl", "/etc/ca-certificates", "/etc/pki"];

function folders({ system, node, etc }: SandboxView, egress: boolean): string[] {
  const network = egress ? NETWORK_FILES.flatMap((file) => ["--ro-bind-try", file, file]) : ["--ro-bind", `${etc}/hosts`, "/etc/hosts"];
  return [
    ...systemArgs(system),
    ...["--ro-bind", node, "/waymark/bin/node"],
    ...["--ro-bind", `${etc}/passwd`, "/etc/passwd", "--ro-bind", `${etc}/group`, "/etc/group"],
    ...network,
  ];
}

function application({ app, entries, nodeModules, built, socketDir, postgresDir, telemetry }: SandboxView): string[] {
  const inside = (name: string) => `${INSIDE.app}/${name}`;
  return [
    ...scratchArgs(INSIDE.app, SCRATCH_BYTES),
    // A link is made again, not followed: followed, it could show any folder of the machine.
    ...entries.flatMap(({ at, link }) => (link === null ? ["--ro-bind", `${app}/${at}`, inside(at)] : ["--symlink", link, inside(at)])),
    ...(nodeModules ? ["--ro-bind", nodeModules, inside("node_modules")] : []),
    ...(built ? [built.isWritable ? "--bind" : "--ro-bind", built.folder, inside(built.name)] : []),
    ...["--bind", socketDir, "/run/waymark"],
    ...(postgresDir ? ["--ro-bind", postgresDir, INSIDE.postgres] : []),
    ...(telemetry ? ["--ro-bind", telemetry.preload, INSIDE.preload] : []),
    ...(telemetry?.socketDir ? ["--ro-bind", telemetry.socketDir, "/otlp"] : []),
  ];
}

function separation({ account, egress, hostname }: SandboxRules): string[] {
  const user =
    account.by === "user-namespace"
      ? ["--unshare-user", "--uid", "1000", "--gid", "1000", ...(account.disableNested ? ["--disable-userns"] : []), "--cap-drop", "ALL"]
      : ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"];
  // The parent is our supervisor, not the portal: killing it takes everything inside with it.
  return [...user, ...namespaceArgs(hostname), ...(egress ? [] : ["--unshare-net"])];
}

/** Folders that only lead to something: bwrap would make them for its own account alone. */
const WAYS = ["/etc", "/run", "/waymark", "/waymark/bin"];

/** Arguments that can stand on a command line; the environment, which holds secrets, is apart and belongs into a file. */
export function bubblewrapArgs(view: SandboxView, rules: SandboxRules): string[] {
  return [
    ...separation(rules),
    ...WAYS.flatMap((folder) => ["--perms", "0755", "--dir", folder]),
    ...folders(view, rules.egress),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...scratchArgs("/dev/shm", SHARED_MEMORY_BYTES),
    ...scratchArgs("/tmp", SCRATCH_BYTES),
    ...application(view),
    // The root and /dev are memory without a limit of their own, hence closed for writing.
    ...["--remount-ro", "/dev", "--remount-ro", "/"],
    ...["--chdir", INSIDE.app],
  ];
}

/** The environment of the sandbox as arguments, separated and ended by NUL, for `--args`. */
export function bubblewrapEnvironment(variables: Record<string, string>): string {
  return ["--clearenv", ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value])].map((text) => `${text}\0`).join("");
}

/** The program and its arguments as bwrap has to start them. */
export function bubblewrapCommand(command: string[], { account }: SandboxRules): string[] {
  if (account.by === "user-namespace") return command;
  const id = String(account.uid);
  return ["/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--inh-caps=-all", "--no-new-privs", ...command];
}
