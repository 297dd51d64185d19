/** One JSON line per figure: value is the median unless said otherwise; ratio is against the floor measured in the same run. */
export function report(name: string, unit: string, samples: number[], extra: { floor?: number; value?: number } = {}): void {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const value = extra.value ?? at(0.5);
  const round = (n: number) => Math.round(n * 100) / 100;
  const line = {
    name,
    value: round(value),
    unit,
    ...(extra.floor ? { floor: round(extra.floor), ratio: round(value / extra.floor) } : {}),
    n: samples.length,
    p50: round(at(0.5)),
    p95: round(at(0.95)),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
