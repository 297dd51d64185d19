import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";
import { until } from "@/tests/setup/until";
import { testEnvironment } from "../driver.suite";
import { livingRun } from "./run-record";

// Made for this test, for localhost, valid for a hundred years, and of no other use.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKsEP8w/jVjdPJAWD
JXNKuYXel1yiQRE4fMfdXdqxweKhRANCAAQyNsFS5M6YnY35Lj5ULswfjx91Tysj
cKqr8YbyV6UUjqhIWRo2f99XdYlOSDWRAvnG3y8ZyoxMI67QbxZWYBKK
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUW2KVJRqrH67gpgHlR9RvKhZCMPUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE0MTMzOVoYDzIxMjYxMDMx
MTQxMzM5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQyNsFS5M6YnY35Lj5ULswfjx91TysjcKqr8YbyV6UUjqhIWRo2f99X
dYlOSDWRAvnG3y8ZyoxMI67QbxZWYBKKo1MwUTAdBgNVHQ4EFgQUYw7a2eYzvrli
BK1A15nSVmrVfMYwHwYDVR0jBBgwFoAUYw7a2eYzvrliBK1A15nSVmrVfMYwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA42uoF3wqCA6bpUZky56y
KdlbOF/IBc8AK8yXbsjdvwECIQC76HQC/XlzzVx3mGb/cikU6NGkxjxH34HHc9RD
EdleXw==
-----END CERTIFICATE-----
`;
const SSL_REQUEST = "0000000804d2162f";

let folder: string;
let relay: ChildProcess | null = null;
const servers = new Set<Server>();
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-relay-"));
});
afterEach(async () => {
  relay?.kill("SIGKILL");
  relay = null;
  for (const server of servers) server.close();
  servers.clear();
  await rm(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<number> {
  servers.add(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Starts the relay to a port and sends a word through it; returns what comes back until the connection ends. */
async function through(port: number, mode: string, word: string): Promise<string> {
  const socketPath = path.join(folder, `${port}.sock`);
  relay = spawn(process.execPath, ["lib/environments/drivers/local/relay-process.mjs", socketPath, "localhost", String(port), mode], { stdio: "ignore" });
  const client = await until("the relay", () => connected(socketPath));
  let seen = "";
  // A connection that is cut with the word unread ends with an error; what counts is what came back.
  client.on("error", () => client.destroy());
  client.on("data", (piece) => {
    seen += piece;
  });
  client.end(word);
  await new Promise((resolve) => client.once("close", resolve));
  return seen;
}

function connected(socketPath: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}

const echo = (socket: Socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
};

describe("the relay", () => {
  test("carries bytes both ways, also after one side has finished", async () => {
    expect(await through(await listening(createServer({ allowHalfOpen: true }, echo)), "plain", "hello")).toBe("hello");
  });

  test("encrypts towards the server", async () => {
    expect(await through(await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }, echo)), "tls", "hello")).toBe("hello");
  });

  test("does not talk to a server whose certificate it cannot verify, when it is to be verified", async () => {
    expect(await through(await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }, echo)), "tls-verify", "hello")).toBe("");
  });

  test("asks PostgreSQL for encryption in its own way, and gives up when that is refused", async () => {
    const asked: string[] = [];
    const postgres = (answer: string) =>
      createServer((socket) => {
        socket.once("data", (piece) => {
          asked.push(piece.toString("hex"));
          socket.write(answer);
          if (answer === "S") echo(new TLSSocket(socket, { isServer: true, key: KEY, cert: CERTIFICATE }));
        });
      });
    expect(await through(await listening(postgres("S")), "postgres", "hello")).toBe("hello");
    relay?.kill("SIGKILL");
    expect(await through(await listening(postgres("N")), "postgres", "hello")).toBe("");
    expect(asked).toEqual([SSL_REQUEST, SSL_REQUEST]);
  });
});

describe.each([
  ["through the server's socket", {}],
  ["by TCP only", { socketDir: null }],
] as const)("the shipped service with its database %s", (_title, overrides) => {
  let harness: LocalHarness;
  beforeEach(async () => {
    harness = await openLocalHarness(overrides);
  });
  afterEach(() => harness.close());

  /** The relay processes that the installation has written down and that run. */
  async function relays() {
    const folder = path.join(harness.settings.dataDir, "sandboxes");
    const records = await Promise.all((await readdir(folder)).filter((name) => name.startsWith("relay-")).map((name) => livingRun(path.join(folder, name, "run.json"))));
    return records.filter((record) => record !== null);
  }

  test("answers from its own database, without a network of its own", async () => {
    const isolation = await harness.driver.isolation();
    const { spec, environment } = testEnvironment({ materialize: shippedPath("node-express", { name: "shop" }), memoryMiB: 256 });
    const result = await harness.driver.provision(memoryRun(environment.environmentId).context, spec);
    expect(result.isolation.network).toBe(isolation.level === "bubblewrap" ? "own" : "shared");
    const page = await harness.get(environment, "/");
    expect(page.status).toBe(200);
    expect(page.body).toContain(`wm_${environment.environmentId.slice(4)}`);
    for (const { pid } of await relays()) {
      process.kill(-pid, "SIGKILL");
      await until("the loss to be noticed and repaired", async () => (await harness.driver.status(environment)).health.state === "healthy" && (await relays()).length === 1);
    }
    await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
    expect(await harness.instances(environment.environmentId)).toBe(0);
  });
});
