import { readdir, readFile, readlink, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { findings, list } from "./settings.js";

const SECRETS = ["/etc/shadow", "/root", "/var/lib/postgresql"];
const FOLDERS = ["/usr", "/usr/local/bin", "/etc", "/opt", "/var", "/home", "/root", "node_modules"];

export async function readFiles() {
  const found = await findings([...SECRETS, ...list("PROBE_SECRET_PATHS")], async (target) => {
    const isFolder = (await stat(target)).isDirectory();
    const size = isFolder ? (await readdir(target)).length : (await readFile(target)).length;
    return `${target} (${size} ${isFolder ? "entries" : "bytes"})`;
  });
  return [found.length > 0, found.length > 0 ? `read ${found.join(", ")}` : "nothing could be read"];
}

export async function writeFiles() {
  const found = await findings([...FOLDERS, ...list("PROBE_WRITE_PATHS")], async (folder) => {
    const file = path.join(folder, `probe-${process.pid}`);
    await writeFile(file, "probe", { flag: "wx" });
    await unlink(file);
    return (await isOwnMemory(path.resolve(folder))) ? null : path.resolve(folder);
  });
  return [found.length > 0, found.length > 0 ? `wrote into ${found.join(", ")}` : "nothing outside could be written"];
}

/** A tmpfs in a mount namespace of its own takes writes that nobody else sees and that end with it. */
async function isOwnMemory(folder) {
  const { PROBE_HOST_MOUNTS } = process.env;
  if (!PROBE_HOST_MOUNTS || (await readlink("/proc/self/ns/mnt")) === PROBE_HOST_MOUNTS) return false;
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).split("\n").filter(Boolean).map((line) => {
    const [before, after] = line.split(" - ");
    return { point: before.split(" ")[4], type: after.split(" ")[0] };
  });
  const holds = ({ point }) => folder === point || folder.startsWith(point === "/" ? "/" : `${point}/`);
  const [mount] = mounts.filter(holds).sort((a, b) => b.point.length - a.point.length);
  return mount?.type === "tmpfs";
}
