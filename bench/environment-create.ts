import { request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { hostEnv } from "../scripts/launcher/host-env.mjs";
import { openFloor } from "./floor/environment";
import { report } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// From the request to the first page that a sandbox made from its own database, asked at its public address. The floor does the same
// work by a bare script, in turn with it, so that both see the same machine.

const ROUNDS = 15;
const POLL_MS = 5;
const DEADLINE_MS = 60_000;

interface Accepted {
  environment: { id: string; name: string; status: string };
}

const portal = await benchPortal();
const ada = portal.token("ada");
const host: Record<string, string | undefined> = hostEnv(portal.dataDir);
const floor = await openFloor({ adminUrl: host.WAYMARK_SANDBOX_DATABASE_URL ?? null, socketDir: host.WAYMARK_SANDBOX_SOCKET_DIR ?? null });

/** Status of the sandbox's index page, which it makes from its database; 0 when nobody answers. */
function ask(name: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port: portal.proxyPort, path: "/", headers: { host: `${name}.localhost:${portal.proxyPort}` }, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.once("error", () => resolve(0));
    asked.end();
  });
}

async function firstAnswer(): Promise<number> {
  const begun = performance.now();
  const { environment } = await portal.call<Accepted>(ada, "POST", "/environments", { goldenPath: "node-express", ttl: "1h" });
  while ((await ask(environment.name)) !== 200) {
    if (performance.now() - begun > DEADLINE_MS) throw new Error(`${environment.name} did not answer within a minute`);
    await wait(POLL_MS);
  }
  const took = performance.now() - begun;
  await portal.call(ada, "DELETE", `/environments/${environment.id}`);
  while ((await portal.call<Accepted["environment"]>(ada, "GET", `/environments/${environment.id}`)).status !== "deleted") await wait(50);
  return took;
}

const product: number[] = [];
const bare: number[] = [];
try {
  await firstAnswer();
  await floor.once();
  for (let round = 0; round < ROUNDS; round++) {
    product.push(await firstAnswer());
    bare.push(await floor.once());
  }
  const median = [...bare].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  report("environment-create", "ms", product, { floor: median });
} finally {
  await floor.close();
  await portal.stop();
}
