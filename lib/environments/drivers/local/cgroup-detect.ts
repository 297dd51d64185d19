import { spawn } from "node:child_process";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type CgroupSystem, kernelText, removeGroup } from "./cgroup";

// Two layouts exist: version 2 with one tree, version 1 with one tree per controller, and a mix where version 2 is there without
// controllers. Limits come from whichever has them; cgroup.kill of version 2 is the best tree killer and used even without limits.

const WANTED = ["memory", "cpu", "pids"];

interface Mount {
  at: string;
  version: 1 | 2;
  controllers: string[];
}

/** The control group trees in the text of /proc/self/mounts. */
export function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line): Mount[] => {
    const [, at, type, options] = line.split(" ");
    if (!at || !options) return [];
    if (type === "cgroup2") return [{ at, version: 2, controllers: [] }];
    return type === "cgroup" ? [{ at, version: 1, controllers: options.split(",").filter((option) => WANTED.includes(option)) }] : [];
  });
}

/** Where this process is in the tree of a controller (version 1) or in the one tree (version 2, `""`), from /proc/self/cgroup. */
export function ownPath(text: string, controller: string): string {
  for (const line of text.split("\n")) {
    const [, controllers, at] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (at && controllers?.split(",").includes(controller)) return at;
  }
  return "/";
}

const inMount = (mount: Mount, own: string, name: string) => path.join(mount.at, own, name);

/** The folder itself and its parents up to the root of the tree. */
function upwards(own: string): string[] {
  const found = [own];
  while (found.at(-1) !== "/") found.push(path.dirname(found.at(-1) ?? "/"));
  return found;
}

/** Makes `folder` with the wanted controllers handed down to its children. Throws where that is not allowed. */
async function prepareV2(folder: string): Promise<string[]> {
  const parent = path.dirname(folder);
  const offered = (await kernelText(path.join(parent, "cgroup.controllers"))).split(" ").filter((name) => WANTED.includes(name));
  const handedDown = (await kernelText(path.join(parent, "cgroup.subtree_control"))).split(" ");
  for (const name of offered) if (!handedDown.includes(name)) await writeFile(path.join(parent, "cgroup.subtree_control"), `+${name}`);
  await mkdir(folder, { recursive: true });
  for (const name of offered) await writeFile(path.join(folder, "cgroup.subtree_control"), `+${name}`);
  return offered;
}

/** Puts a waiting process into a new group and takes it out by killing it; the only proof that this user may do that here. */
async function works(parent: string): Promise<boolean> {
  const group = path.join(parent, "trial");
  const child = spawn("/bin/sh", ["-c", "read -r go"], { stdio: ["pipe", "ignore", "ignore"] });
  try {
    await mkdir(group, { recursive: true });
    await writeFile(path.join(group, "cgroup.procs"), String(child.pid));
    return true;
  } catch {
    return false;
  } finally {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await removeGroup(group);
  }
}

async function detectV2(mounts: Mount[], self: string, name: string): Promise<CgroupSystem["parents"]> {
  const mount = mounts.find((candidate) => candidate.version === 2);
  if (!mount) return [];
  for (const own of upwards(ownPath(self, ""))) {
    const folder = inMount(mount, own, name);
    const controllers = await prepareV2(folder).catch(() => null);
    if (controllers && (await works(folder))) return [{ folder, version: 2, controllers }];
    await rmdir(folder).catch(() => {});
  }
  return [];
}

async function detectV1(mounts: Mount[], self: string, name: string): Promise<CgroupSystem["parents"]> {
  const found: CgroupSystem["parents"] = [];
  for (const controller of WANTED) {
    const mount = mounts.find((candidate) => candidate.version === 1 && candidate.controllers.includes(controller));
    if (!mount || found.some((parent) => parent.controllers.includes(controller))) continue;
    const folder = inMount(mount, ownPath(self, controller), name);
    if (
      !(await mkdir(folder, { recursive: true }).then(
        () => works(folder),
        () => false,
      ))
    )
      continue;
    found.push({ folder, version: 1, controllers: mount.controllers });
  }
  return found;
}

/** What this process can limit with control groups, tried for real. */
export async function detectCgroups(installation: string): Promise<CgroupSystem> {
  const name = `waymark-${installation}`;
  const [mounts, self] = await Promise.all([kernelText("/proc/self/mounts").then(parseMounts), kernelText("/proc/self/cgroup")]);
  const v2 = await detectV2(mounts, self, name);
  const limits = (parents: CgroupSystem["parents"]) => ["memory", "pids"].every((wanted) => parents.some((parent) => parent.controllers.includes(wanted)));
  if (limits(v2)) return { version: "cgroup-v2", parents: v2 };
  const v1 = await detectV1(mounts, self, name);
  return { version: limits(v1) ? "cgroup-v1" : "none", parents: [...v1, ...v2] };
}
