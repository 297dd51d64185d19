import { open, readdir, readFile } from "node:fs/promises";
import { findings } from "./settings.js";

/** Variables that say nothing about the host. */
const HARMLESS = new Set(["PATH", "PWD", "OLDPWD", "HOME", "LANG", "SHLVL", "TERM", "USER", "LOGNAME", "SHELL", "_", "HOSTNAME", "TZ"]);

/** Pids that are neither this process, nor above it, nor below it. */
async function strangers() {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map();
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat) parents.set(pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const line = (pid) => (parents.has(pid) ? [pid, ...line(parents.get(pid))] : []);
  const ancestors = new Set(line(process.pid));
  const outside = [...parents.keys()].filter((pid) => !ancestors.has(pid) && !line(pid).includes(process.pid));
  return { outside, ancestors: [...ancestors].filter((pid) => pid !== process.pid) };
}

export async function listProcesses() {
  const { outside } = await strangers();
  return [outside.length > 0, `${outside.length} processes of others are visible`];
}

export async function readEnviron() {
  const { outside, ancestors } = await strangers();
  const own = new Set(Object.entries(process.env).map(([name, value]) => `${name}=${value}`));
  const found = await findings([...outside, ...ancestors], async (pid) => {
    const variables = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0").filter((entry) => entry.includes("=") && !own.has(entry));
    const names = variables.map((entry) => entry.split("=")[0]).filter((name) => !HARMLESS.has(name));
    return names.length > 0 && `pid ${pid}: ${names.slice(0, 5).join(", ")}`;
  });
  const detail = `${outside.length + ancestors.length} other processes, ${found.length} gave away variables`;
  return [found.length > 0, [detail, ...found.slice(0, 5)].join("; ")];
}

/** What a debugger needs: reading and writing another process's memory. */
export async function openMemory() {
  const { outside, ancestors } = await strangers();
  const found = await findings([...outside, ...ancestors], async (pid) => {
    // The wrapper's own process inside the wall has no more rights than this one.
    if (pid === 1 && (await readFile("/proc/1/comm", "utf8")).trim() === "bwrap") return null;
    const address = Number.parseInt((await readFile(`/proc/${pid}/maps`, "utf8")).split("-")[0], 16);
    const memory = await open(`/proc/${pid}/mem`, "r+");
    try {
      const { bytesRead } = await memory.read(Buffer.alloc(4), 0, 4, address);
      return bytesRead === 4 && `pid ${pid}`;
    } finally {
      await memory.close();
    }
  });
  return [found.length > 0, found.length > 0 ? `memory opened of ${found.slice(0, 5).join(", ")}` : "no memory of others could be opened"];
}
