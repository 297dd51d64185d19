import { execFile, spawn } from "node:child_process";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const MIB = 1024 * 1024;
const DISK_MIB = 2_048;
const FILE_MIB = 128;
const MEMORY_MIB = 5_120;

/** In a child, so that this process can tell how it ended. */
export async function allocate() {
  const code = `const kept = []; for (let n = 0; n < ${MEMORY_MIB / 64}; n += 1) { kept.push(Buffer.alloc(64 * 1048576, 1)); } console.log("all");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { timeout: 25_000, killSignal: "SIGKILL" }).catch((error) => ({ stdout: "", error }));
  const succeeded = stdout.includes("all");
  return [succeeded, succeeded ? `${MEMORY_MIB} MiB allocated` : `stopped before ${MEMORY_MIB} MiB`];
}

/** In many files, because a limit on the size of one file is no limit on the disk. */
export async function fillDisk() {
  const chunk = Buffer.alloc(16 * MIB, 1);
  const until = performance.now() + 25_000;
  await mkdir("fill", { recursive: true });
  let written = 0;
  try {
    while (written < DISK_MIB && performance.now() < until) {
      await appendFile(`fill/${Math.floor(written / FILE_MIB)}.bin`, chunk);
      written += 16;
    }
    return [written >= DISK_MIB, `wrote ${written} MiB`];
  } catch (error) {
    return [false, `${error.code} after ${written} MiB`];
  } finally {
    await rm("fill", { recursive: true });
  }
}

/** A shell starts sleeping children; they are counted while alive, then the whole group is ended. */
export async function forkBomb() {
  const wanted = Number(process.env.PROBE_FORKS || "5000");
  const script = `i=0; while [ $i -lt ${wanted} ]; do sleep 20 & i=$((i+1)); done; echo started; wait`;
  const shell = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const done = new Promise((resolve) => {
    shell.stdout.once("data", resolve);
    shell.once("exit", resolve);
    shell.once("error", resolve);
  });
  await Promise.race([done, delay(18_000)]);
  const alive = shell.pid ? await countChildren(shell.pid) : 0;
  if (shell.pid) killGroup(shell.pid);
  return [alive >= wanted, `${alive} of ${wanted} children at once`];
}

async function countChildren(pid) {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).length;
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Leaves a grandchild in a session of its own; whether it survives the environment is seen only from outside. */
export async function outlive() {
  const marker = `probe-outlive-${process.pid}-${Math.round(performance.timeOrigin)}`;
  const stay = `const { appendFileSync } = require("node:fs"); const end = Date.now() + 600000; setInterval(() => { if (Date.now() > end) process.exit(0); try { appendFileSync("heartbeat", "."); } catch (error) { if (error.code !== "ENOENT") throw error; } }, 250);`;
  const leave = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(stay)}, ${JSON.stringify(marker)}], { detached: true, stdio: "ignore" }).unref();`;
  const child = spawn(process.execPath, ["-e", leave], { detached: true, stdio: "ignore" });
  await new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
  return [false, marker];
}
