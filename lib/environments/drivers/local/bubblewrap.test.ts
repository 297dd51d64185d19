import { describe, expect, test } from "vitest";
import { bubblewrapArgs, bubblewrapCommand, bubblewrapEnvironment, type SandboxRules, type SandboxView } from "./bubblewrap";

const view: SandboxView = {
  system: [
    { at: "/bin", link: "usr/bin" },
    { at: "/lib64", link: null },
  ],
  node: "/opt/node/bin/node",
  etc: "/data/etc",
  app: "/data/env/app",
  entries: [
    { at: "server.js", link: null },
    { at: "host", link: "/" },
  ],
  nodeModules: "/data/cache/node_modules",
  socketDir: "/tmp/wm/env",
  postgresDir: "/var/pg",
  telemetry: null,
};
const rules: SandboxRules = { account: { by: "user-namespace", disableNested: true }, egress: false, hostname: "env-1" };

/** The arguments as one text, so that an order can be read off. */
const line = (changes: Partial<SandboxView> = {}, rule: Partial<SandboxRules> = {}) => bubblewrapArgs({ ...view, ...changes }, { ...rules, ...rule }).join(" ");

describe("what a sandbox sees", () => {
  test("its sources read-only, a socket folder, Postgres, and the machine's programs", () => {
    const args = line();
    for (const part of [
      "--ro-bind /usr /usr",
      "--symlink usr/bin /bin",
      "--ro-bind /lib64 /lib64",
      "--ro-bind /opt/node/bin/node /waymark/bin/node",
      "--ro-bind /data/env/app/server.js /app/server.js",
      "--ro-bind /data/cache/node_modules /app/node_modules",
      "--bind /tmp/wm/env /run/waymark",
      "--ro-bind /var/pg /pg",
    ])
      expect(args).toContain(part);
    expect(args.match(/--bind /g)).toHaveLength(1);
  });

  test("a link of the golden path is made again, never followed", () => {
    expect(line()).toContain("--symlink / /app/host");
    expect(line()).not.toContain("--ro-bind /data/env/app/host");
  });

  test("memory-backed folders have a size, and the root and /dev are closed after everything is in place", () => {
    const args = line();
    expect(args.match(/--tmpfs \S+/g)).toEqual(["--tmpfs /dev/shm", "--tmpfs /tmp", "--tmpfs /app"]);
    expect(args.match(/--size \d+ --tmpfs/g)).toHaveLength(3);
    expect(args.lastIndexOf("bind ")).toBeLessThan(args.indexOf("--remount-ro /"));
  });
});

describe("what separates it", () => {
  test("own namespaces, no capabilities, nothing that survives its supervisor", () => {
    for (const part of [
      "--unshare-user",
      "--unshare-pid",
      "--unshare-ipc",
      "--unshare-uts",
      "--unshare-net",
      "--cap-drop ALL",
      "--disable-userns",
      "--die-with-parent",
      "--new-session",
    ])
      expect(line()).toContain(part);
  });

  test("only a path that asks for the network shares it, with the files that names and certificates need", () => {
    const open = line({}, { egress: true });
    expect(open).not.toContain("--unshare-net");
    expect(open).toContain("--ro-bind-try /etc/resolv.conf /etc/resolv.conf");
    expect(line()).not.toContain("resolv.conf");
  });

  test("where root has to start it, the command drops to the environment's account before anything else", () => {
    const dropping: SandboxRules = { ...rules, account: { by: "drop-to", uid: 1_900_000_007 } };
    expect(line({}, dropping)).not.toContain("--unshare-user");
    expect(line({}, dropping)).toContain("--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID");
    expect(bubblewrapCommand(["node", "a.js"], dropping).join(" ")).toMatch(
      /^\/usr\/bin\/setpriv --reuid 1900000007 --regid 1900000007 --clear-groups .*--no-new-privs node a\.js$/,
    );
    expect(bubblewrapCommand(["node", "a.js"], rules)).toEqual(["node", "a.js"]);
  });
});

test("the environment goes through a file: each part ended by NUL, values untouched", () => {
  expect(bubblewrapEnvironment({ A: "1", B: "two words\n--bind / /" })).toBe("--clearenv\0--setenv\0A\x001\0--setenv\0B\0two words\n--bind / /\0");
});
