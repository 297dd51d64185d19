import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createQueue } from "../../src/queue.js";
import { scratchPool } from "./scratch.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
let scratch;
before(async () => {
  scratch = await scratchPool();
});
after(() => scratch.remove());

test("does a job within a moment of its being added, survives a lost connection, and stops on SIGTERM", async () => {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, PORT: "0", LOG_LEVEL: "info", PGOPTIONS: `-c search_path=${scratch.schema}` }, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const until = async (condition) => {
    for (let tries = 0; !(await condition()); tries += 1) {
      assert.ok(tries < 200 && child.exitCode === null, output);
      await delay(50);
    }
  };
  await until(() => output.includes('"ready"'));
  const queue = createQueue(scratch.pool);
  const isDone = (id) => async () => (await scratch.pool.query("select status from jobs where id = $1", [id])).rows[0].status === "done";
  await until(isDone(await queue.add("count-words", { text: "one two three" })));
  await scratch.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename = current_user and datname = current_database() and query like 'listen%'");
  await until(isDone(await queue.add("count-words", { text: "four" })));
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  assert.match(output.trim().split("\n").at(-1), /"stopped"/);
});
