import { report, timed } from "./measure";

export interface HttpCase {
  name: string;
  method?: "GET" | "POST";
  path: string;
  body?: unknown;
  /** Milliseconds of the same by hand. */
  floor?: number;
}

const WARM_UP = 20;
const ALONE = 200;
const CLIENTS = 10;
const TOGETHER_MS = 3_000;

/** One case with one client (milliseconds for each request), then with ten at once (requests each second). */
export async function measureHttp(origin: string, token: string, { name, method = "GET", path, body, floor }: HttpCase): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
  const ask = async () => {
    const answer = await fetch(`${origin}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
  };
  for (let i = 0; i < WARM_UP; i++) await ask();
  const alone: number[] = [];
  for (let i = 0; i < ALONE; i++) alone.push(await timed(ask));
  report(name, "ms", alone, floor ? { floor } : {});
  const end = performance.now() + TOGETHER_MS;
  const together: number[] = [];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < end) together.push(await timed(ask));
    }),
  );
  report(`${name}-${CLIENTS}-clients`, "requests/s", together, { value: (together.length / (performance.now() - begun)) * 1_000 });
}
