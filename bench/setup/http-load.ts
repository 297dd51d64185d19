import { report, timed } from "./measure";

export interface HttpCase {
  name: string;
  method?: "GET" | "POST";
  path: string;
  body?: unknown;
  /** Milliseconds of the same by hand. */
  floor?: number;
}

export interface HttpFigures {
  /** Milliseconds of each request of one client. */
  alone: number[];
  /** Milliseconds of each of ten clients at once, and how many they had answered each second. */
  together: number[];
  perSecond: number;
}

const WARM_UP = 20;
const ALONE = 200;
const TOGETHER_MS = 3_000;
export const CLIENTS = 10;

/** One case with one client, then with ten at once. `token`: null where the server asks for none. Throws where an answer is not ok. */
export async function askHttp(origin: string, token: string | null, { method = "GET", path, body }: HttpCase): Promise<HttpFigures> {
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { "content-type": "application/json" } : {}) };
  const ask = async () => {
    const answer = await fetch(`${origin}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
  };
  for (let i = 0; i < WARM_UP; i++) await ask();
  const alone: number[] = [];
  for (let i = 0; i < ALONE; i++) alone.push(await timed(ask));
  const begun = performance.now();
  const together: number[] = [];
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < begun + TOGETHER_MS) together.push(await timed(ask));
    }),
  );
  return { alone, together, perSecond: (together.length / (performance.now() - begun)) * 1_000 };
}

/** The same, reported in two lines; with a peer's figures each has its ratio to them. */
export async function measureHttp(origin: string, token: string | null, one: HttpCase, peer?: HttpFigures): Promise<HttpFigures> {
  const figures = await askHttp(origin, token, one);
  const { name, floor = peer && medianOf(peer.alone) } = one;
  report(name, "ms", figures.alone, floor ? { floor } : {});
  report(`${name}-${CLIENTS}-clients`, "requests/s", figures.together, { value: figures.perSecond, ...(peer ? { floor: peer.perSecond } : {}) });
  return figures;
}

const medianOf = (samples: number[]) => [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
