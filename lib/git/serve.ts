import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { gitArguments, gitEnvironment } from "./run";

export type GitService = "git-upload-pack" | "git-receive-pack";

/** Largest pack that is taken, in MiB. */
export const MAX_PUSH_MIB = 512;
const DEADLINE_MS = 15 * 60_000;
const RECEIVE = ["receive.fsckObjects=true", `receive.maxInputSize=${MAX_PUSH_MIB}m`, "receive.autogc=false", "receive.advertisePushOptions=false", "receive.advertiseAtomic=true"];
/** While the default branch is among what is pushed: its history may only grow. */
const KEEP_HISTORY = ["receive.denyNonFastForwards=true", "receive.denyDeletes=true"];

export interface ServeOptions {
  dir: string;
  service: GitService;
  /** The client's Git-Protocol header. */
  protocol: string | null;
  signal: AbortSignal;
  /** What the client sent; without it refs are advertised. */
  body?: AsyncIterable<Buffer>;
  keepHistory?: boolean;
}

/** Fetching begins with what git itself can do: the same for every repository in protocol 2 (gitprotocol-v2(5)), so one answer serves all. */
let abilities: Buffer | null = null;

async function* advertiseAbilities(options: ServeOptions): AsyncGenerator<Buffer> {
  if (!abilities) {
    const chunks: Buffer[] = [];
    for await (const chunk of runGit(options)) chunks.push(chunk);
    abilities = Buffer.concat(chunks);
  }
  yield abilities;
}

/** Git's answer, chunk by chunk. Ends the process when the client goes away or after 15 minutes. Throws when git fails. */
export function serveGitProcess(options: ServeOptions): AsyncGenerator<Buffer> {
  const { service, protocol, body } = options;
  return service === "git-upload-pack" && protocol === "version=2" && !body ? advertiseAbilities(options) : runGit(options);
}

async function* runGit({ dir, service, protocol, signal, body, keepHistory }: ServeOptions): AsyncGenerator<Buffer> {
  const config = service === "git-receive-pack" ? [...RECEIVE, ...(keepHistory ? KEEP_HISTORY : [])] : ["uploadpack.allowFilter=true"];
  const command = [service.slice("git-".length), "--stateless-rpc", ...(service === "git-upload-pack" ? ["--strict"] : []), ...(body ? [] : ["--advertise-refs"]), dir];
  const env = gitEnvironment(protocol && /^[a-z0-9=:.-]{1,100}$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {});
  const child = spawn("git", gitArguments(command, { config }), {
    env,
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    killSignal: "SIGTERM",
  });
  const closed = once(child, "close").then(([code]) => code as number | null);
  closed.catch(() => {});
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < 4_096) stderr += text;
  });
  // Git stops reading when it refuses a pack; it says why on its own output.
  child.stdin.on("error", () => {});
  if (body) {
    const sent = Readable.from(body, { objectMode: false });
    sent.on("error", () => child.kill("SIGTERM"));
    sent.pipe(child.stdin);
  } else child.stdin.end();
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const code = await closed;
    if (code !== 0 && !body) throw new Error(`${service} ended with ${code}: ${stderr.slice(0, 500)}`);
  } finally {
    if (child.exitCode === null) child.kill("SIGTERM");
  }
}
