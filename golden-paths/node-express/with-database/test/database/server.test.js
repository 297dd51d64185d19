import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { scratchPool } from "./scratch.js";

const SERVER = fileURLToPath(new URL("../../src/server.js", import.meta.url));
let scratch;
let folder;

before(async () => {
  scratch = await scratchPool();
  folder = await mkdtemp(path.join(tmpdir(), "service-"));
});
after(async () => {
  await scratch.remove();
  await rm(folder, { recursive: true });
});

function start(env) {
  const child = spawn(process.execPath, [SERVER], { env: { ...process.env, LOG_LEVEL: "info", PGOPTIONS: `-c search_path=${scratch.schema}`, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const lines = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    for (const part of parts) lines.push(JSON.parse(part));
    child.emit("lines");
  });
  child.once("exit", () => child.emit("lines"));
  const logged = async (message) => {
    while (!lines.some((line) => line.message === message)) {
      if (child.exitCode !== null) throw new Error(`The service ended before it logged "${message}": ${JSON.stringify(lines.at(-1))}`);
      await once(child, "lines");
    }
  };
  return { child, lines, logged };
}

function get(socketPath, route) {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: route }, (response) => {
      response.setEncoding("utf8");
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
    })
      .on("error", reject)
      .end();
  });
}

test("starts on a socket whose last owner is gone, serves, and stops on SIGTERM", async () => {
  const socket = path.join(folder, "http.sock");
  const killed = start({ PORT: socket });
  await killed.logged("ready");
  killed.child.kill("SIGKILL");
  await once(killed.child, "exit");

  const { child, lines, logged } = start({ PORT: socket });
  await logged("ready");
  assert.equal((await get(socket, "/readyz")).status, 200);
  assert.match((await get(socket, "/")).body, /<h1>/);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  assert.equal(lines.at(-1).message, "stopped");
});

test("leaves a socket alone that another process listens on", async () => {
  const socket = path.join(folder, "taken.sock");
  const other = createServer().listen(socket);
  await once(other, "listening");
  const { child, lines } = start({ PORT: socket });
  assert.equal((await once(child, "exit"))[0], 1);
  assert.match(lines.at(-1).message, /Another process is listening/);
  other.close();
});

test("never replaces a file that is not a socket", async () => {
  const file = path.join(folder, "precious.txt");
  await writeFile(file, "keep");
  const { child, lines } = start({ PORT: file });
  assert.equal((await once(child, "exit"))[0], 1);
  assert.match(lines.at(-1).message, /not a socket/);
});

test("ends with one clear line when the database is not there", async () => {
  const address = new URL(process.env.DATABASE_URL);
  address.pathname = "/no_such_database";
  const { child, lines } = start({ PORT: "0", DATABASE_URL: address.href });
  assert.equal((await once(child, "exit"))[0], 1);
  assert.match(lines.at(-1).message, /^The database cannot be used: /);
});
