import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ensureBareRepository } from "./bare";
import { SHA } from "./names";
import { pinned } from "./remote-with-token";
import { gitText } from "./run";

// A repository at an address that a person gave. The name was resolved and checked before; git connects to that very address,
// follows no redirect, and gives up on what is too slow or too large.

export interface RemoteRepository {
  url: string;
  /** The checked address that the host's name stands for. */
  address: string;
  signal?: AbortSignal;
}

const LOOK_MS = 20_000;
const FETCH_MS = 90_000;
const HISTORY_MS = 10 * 60_000;
const MAX_BYTES = 300 * 1024 * 1024;
const MAX_HISTORY_BYTES = 1024 * 1024 * 1024;
const WATCH_MS = 500;
/** `http.curloptResolve`, which binds the name to the address, came with this version. */
const NEEDED = [2, 37];

function settings({ url, address }: RemoteRepository): string[] {
  return [`http.curloptResolve=${pinned(url, address)}`, "http.followRedirects=false", "http.lowSpeedLimit=1000", "http.lowSpeedTime=20", "protocol.version=2"];
}

async function requirePinning(): Promise<void> {
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(await gitText(["version"])) ?? []).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = NEEDED;
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) throw new Error(`git ${NEEDED.join(".")} is needed to read repositories elsewhere`);
}

/** The branch (the default one where none is named) and the commit it is at; null where there is none. Throws GitFailure. */
export async function remoteHead(remote: RemoteRepository, branch: string | null): Promise<{ branch: string; commit: string } | null> {
  await requirePinning();
  const options = { config: settings(remote), deadlineMs: LOOK_MS, maxBytes: 1024 * 1024, ...(remote.signal ? { signal: remote.signal } : {}) };
  const text = await gitText(["ls-remote", "--symref", "--", remote.url, branch ? `refs/heads/${branch}` : "HEAD"], options);
  const name = branch ?? /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text)?.[1] ?? "main";
  const commit = /^([0-9a-f]{40})\t/m.exec(text)?.[1];
  return commit && SHA.test(commit) ? { branch: name, commit } : null;
}

/** Brings one commit of a branch into an empty bare repository, without its history and without files over 1 MB. Throws GitFailure. */
export async function fetchCommit(remote: RemoteRepository, dir: string, branch: string): Promise<void> {
  const what = ["--depth=1", "--filter=blob:limit=1048577", "--no-tags"];
  await fetchWatched(remote, dir, what, [`+refs/heads/${branch}:refs/heads/${branch}`], { deadlineMs: FETCH_MS, maxBytes: MAX_BYTES });
}

/** Brings all branches and tags with their whole history here, or what is new of them, without the contents of files. Throws GitFailure. */
export async function fetchHistory(remote: RemoteRepository, dir: string): Promise<void> {
  await requirePinning();
  const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  await fetchWatched(remote, dir, ["--filter=blob:none", "--no-tags", "--prune"], refs, { deadlineMs: HISTORY_MS, maxBytes: MAX_HISTORY_BYTES });
}

async function fetchWatched(remote: RemoteRepository, dir: string, what: string[], refs: string[], limit: { deadlineMs: number; maxBytes: number }): Promise<void> {
  await ensureBareRepository(dir, "main", remote.signal);
  const size = new AbortController();
  const tooLarge = new Error(`the repository is larger than ${Math.round(limit.maxBytes / 1_048_576)} MB`);
  const watch = setInterval(() => {
    void packBytes(dir).then((bytes) => (bytes > limit.maxBytes ? size.abort(tooLarge) : undefined));
  }, WATCH_MS);
  const signal = remote.signal ? AbortSignal.any([remote.signal, size.signal]) : size.signal;
  try {
    const args = ["fetch", "--quiet", ...what, "--no-write-fetch-head", "--no-auto-maintenance", "--", remote.url, ...refs];
    await gitText(args, { dir, config: settings(remote), deadlineMs: limit.deadlineMs, signal });
  } finally {
    clearInterval(watch);
    // Git notes where what was left out could be had; reading would then connect by itself, past the checked address.
    await gitText(["config", "--file", path.join(dir, "config"), "--remove-section", `remote.${remote.url}`], { answers: [0, 5, 128] });
  }
}

async function packBytes(dir: string): Promise<number> {
  const folder = path.join(dir, "objects", "pack");
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
