import type { ChildProcess } from "node:child_process";

/** Kills a child that is a process group of its own when this process ends: nobody would take what it makes. */
export function endsWithUs(child: ChildProcess): void {
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  process.once("exit", end);
  child.once("close", () => process.off("exit", end));
}
