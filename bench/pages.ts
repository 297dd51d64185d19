import { gzipSync } from "node:zlib";
import { askAs } from "../tests/setup/fast-sign-in";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// Pages as a browser gets them, of the demo company: a list of 50 rows while four people read, and the scripts that home loads first.

const CONCURRENT = 4;
const REQUESTS = 200;
const LISTS = ["/catalog", "/runs?scope=all"];

const portal = await benchPortal();
try {
  const ask = await askAs(portal.url, "pat");
  const page = async (path: string) => {
    const answer = await ask(new URL(path, portal.url));
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  for (const path of LISTS) {
    for (let i = 0; i < 10; i++) await page(path);
    const floor: number[] = [];
    for (let i = 0; i < 50; i++) floor.push(await timed(() => fetch(`${portal.url}/api/health/live`)));
    const samples: number[] = [];
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        for (let i = 0; i < REQUESTS / CONCURRENT; i++) samples.push(await timed(() => page(path)));
      }),
    );
    report(`page${path.replace(/\W+/g, "-").replace(/-scope-all$/, "")}-${CONCURRENT}-people`, "ms", samples, { floor: floor.sort((a, b) => a - b)[25] ?? 1 });
  }
  report("pages-memory", "MiB", [portal.memoryMiB()]);
  const html = await page("/");
  // Old browsers alone load those without modules.
  const scripts = [...new Set([...html.matchAll(/<script(?![^>]*noModule)[^>]* src="([^"]+\.js[^"]*)"/gi)].map(([, src = ""]) => src))];
  let bytes = 0;
  for (const src of scripts) bytes += gzipSync(await page(src)).length;
  report("shell-javascript", "KB gzip", [bytes / 1_000]);
} finally {
  await portal.stop();
}
