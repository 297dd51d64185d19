import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readEvents } from "@/lib/cli/sse";
import { git } from "@/lib/git/run";
import { openServiceFloor } from "./floor/service";
import { report } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// From "create service" to a finished clone of its repository and its page in the catalog, all over HTTP as a person's git does it.

const ROUNDS = 15;
const DEADLINE_MS = 60_000;

const portal = await benchPortal();
const ada = portal.token("ada", "read,repo:create");
const floor = await openServiceFloor();
const clones = await mkdtemp(path.join(tmpdir(), "wm-service-bench-"));

/** How a run ended, by its events, as the command line and the run's page follow it. */
async function end(id: string): Promise<string> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const { body } = await fetch(`${portal.url}/api/v1/runs/${id}/events`, { headers: { authorization: `Bearer ${ada}` }, signal });
  if (!body) throw new Error("no events");
  for await (const { event, data } of readEvents(body)) {
    const { status = "" } = event === "run" ? (JSON.parse(data) as { status?: string }) : {};
    if (status && !["queued", "running"].includes(status)) return status;
  }
  throw new Error("the events ended before the run");
}

async function once(round: number): Promise<number> {
  const name = `bench-${round}`;
  const begun = performance.now();
  const { service, run } = await portal.call<{ service: { repository: { cloneUrl: string } }; run: { id: string } }>(ada, "POST", "/services", {
    goldenPath: "node-express",
    values: { name },
  });
  const ended = await end(run.id);
  if (ended !== "succeeded") throw new Error(`${name} was not made: ${ended}`);
  const url = service.repository.cloneUrl.replace("://", `://git:${ada}@`);
  await Promise.all([git(["clone", "--quiet", url, path.join(clones, name)]), portal.call(ada, "GET", `/entities/component/default/${name}`)]);
  return performance.now() - begun;
}

/** The new service's development environment starts by itself: the next round begins when that is over. */
async function untilQuiet(): Promise<void> {
  const active = async (status: string) => (await portal.call<{ total: number }>(ada, "GET", `/runs?status=${status}&scope=all&limit=1`)).total;
  for (let quiet = 0; quiet < 3; await wait(250)) quiet = (await active("running")) + (await active("queued")) === 0 ? quiet + 1 : 0;
}

const product: number[] = [];
const bare: number[] = [];
try {
  await once(0);
  await floor.once();
  for (let round = 1; round <= ROUNDS; round++) {
    await untilQuiet();
    product.push(await once(round));
    bare.push(await floor.once());
  }
  const median = [...bare].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  report("service-create", "ms", product, { floor: median });
} finally {
  await floor.close();
  await rm(clones, { recursive: true, force: true });
  await portal.stop();
}
