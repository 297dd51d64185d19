import { describe, expect, test } from "vitest";
import { accountOf, accountRange } from "./account";
import { ownPath, parseMounts } from "./cgroup-detect";
import { isolationRecord } from "./gaps";
import type { Machine } from "./machine";
import { parseStat } from "./process-identity";
import { descendantsOf, variableIn } from "./process-tree";

describe("control groups", () => {
  const hybrid = [
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
    "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0",
    "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
    "tmpfs /tmp tmpfs rw 0 0",
  ].join("\n");

  test("both layouts are found in the mounts", () => {
    expect(parseMounts(hybrid)).toEqual([
      { at: "/sys/fs/cgroup/unified", version: 2, controllers: [] },
      { at: "/sys/fs/cgroup/cpu,cpuacct", version: 1, controllers: ["cpu"] },
      { at: "/sys/fs/cgroup/memory", version: 1, controllers: ["memory"] },
    ]);
  });

  test("the own place is told per controller, with colons in names", () => {
    const self = "12:cpu,cpuacct:/a\n4:memory:/system.slice/x:y.service\n0::/user.slice/b.scope";
    expect(ownPath(self, "memory")).toBe("/system.slice/x:y.service");
    expect(ownPath(self, "cpu")).toBe("/a");
    expect(ownPath(self, "")).toBe("/user.slice/b.scope");
    expect(ownPath(self, "pids")).toBe("/");
  });
});

describe("accounts", () => {
  test("with all numbers known, from a range that nobody assigns", () => {
    expect(accountRange("         0          0 4294967295")).toEqual({ first: 1_900_000_000, count: 200_000_000 });
  });
  test("in a container that knows 65,536 numbers, from its upper half", () => {
    expect(accountRange("0 100000 65536")).toEqual({ first: 32_768, count: 32_768 });
  });
  test("none where only the own number is known", () => {
    expect(accountRange("0 1000 1")).toBeNull();
    expect(accountRange("")).toBeNull();
  });
  test("an environment always gets the same one, within the range", () => {
    const range = { first: 5_000, count: 20_000 };
    expect(accountOf("env_a", range)).toBe(accountOf("env_a", range));
    expect(accountOf("env_a", range)).not.toBe(accountOf("env_b", range));
    for (const id of ["env_a", "env_b", "env_c"]) expect(accountOf(id, range)).toSatisfy((uid: number) => uid >= 5_000 && uid < 25_000);
  });
});

describe("processes", () => {
  test("a program's name may look like the rest of the line", () => {
    const stat = "42 (a) R (b)) Z 7 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0";
    expect(parseStat(stat)).toEqual({ pid: 42, ppid: 7, startTime: "98765", isZombie: true });
    expect(parseStat("nonsense")).toBeNull();
  });

  test("descendants come parents first, without the dead", () => {
    const row = (pid: number, ppid: number, isZombie = false) => ({ pid, ppid, startTime: "1", isZombie });
    const rows = [row(5, 3), row(3, 2), row(4, 2, true), row(2, 1), row(9, 8)];
    expect(descendantsOf(rows, 1).map(({ pid }) => pid)).toEqual([2, 3, 5]);
  });

  test("a label is a whole variable, not a part of one", () => {
    const environ = "X_LABEL=no\0LABEL=a=b\0OTHER=LABEL=z\0";
    expect(variableIn(environ, "LABEL")).toBe("a=b");
    expect(variableIn(environ, "ABEL")).toBeNull();
  });
});

describe("gaps", () => {
  const machine: Machine = {
    level: "bubblewrap",
    bubblewrap: "user-namespace",
    disableNested: true,
    accounts: { first: 1, count: 1 },
    cgroups: { version: "cgroup-v2", parents: [{ folder: "/x", version: 2, controllers: ["memory", "cpu", "pids"] }] },
    prlimit: null,
    system: [],
    weakness: null,
  };
  const weakest: Machine = { ...machine, level: "process", accounts: null, cgroups: { version: "none", parents: [] }, weakness: "bubblewrap does not work here: no permission" };

  test("a full sandbox has its own network and limits, and admits the kernel and the database's size", () => {
    const record = isolationRecord(machine, { egress: false, openDatabases: [] });
    expect(record).toMatchObject({ level: "bubblewrap", network: "own", limits: "cgroup-v2" });
    expect(record.gaps).toHaveLength(2);
  });

  test("what could not be found out is admitted", () => {
    expect(isolationRecord(machine, { egress: false, openDatabases: null }).gaps.join()).toMatch(/is not known/);
  });

  test("egress, open databases and every missing piece are admitted", () => {
    const record = isolationRecord(weakest, { egress: true, openDatabases: ["portal"] });
    expect(record).toMatchObject({ level: "process", network: "shared", limits: "none" });
    for (const admitted of [
      /portal's own account/,
      /all processes/,
      /fill the disk/,
      /how much memory/,
      /how many processes/,
      /processor time/,
      /outlive its environment/,
      /loopback included/,
      /connect to portal/,
      /no permission/,
    ])
      expect(record.gaps.join("\n")).toMatch(admitted);
  });
});
