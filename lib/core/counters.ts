/** Counts of this process since its start, for the scraper: incremented anywhere, read by lib/platform. */
const store = globalThis as typeof globalThis & { __waymarkCounters?: Map<string, number> };

function counters(): Map<string, number> {
  store.__waymarkCounters ??= new Map();
  return store.__waymarkCounters;
}

/** Adds to a counter of telemetry items, by signal and by what became of them. */
export function countTelemetry(signal: string, result: "accepted" | "refused", count: number): void {
  const key = `${signal} ${result}`;
  counters().set(key, (counters().get(key) ?? 0) + count);
}

/** All counters of telemetry. */
export function telemetryCounts(): { signal: string; result: string; count: number }[] {
  return [...counters()].map(([key, count]) => {
    const [signal = "", result = ""] = key.split(" ");
    return { signal, result, count };
  });
}
