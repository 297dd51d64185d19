import type { Signal } from "./messages";
import { type Attributes, attributesOf, field, listIn } from "./values";

/** What was not taken of a request, and the first reason. */
export class Refused {
  count = 0;
  because = "";

  add(reason: string, count = 1): void {
    if (count <= 0) return;
    this.count += count;
    if (!this.because) this.because = reason;
  }
}

/** Things that one resource (a process) sent. */
export interface FromResource<T> {
  resource: Attributes;
  items: T[];
}

const PLACES: Record<Signal, { resources: string; scopes: string; items: string; word: string }> = {
  traces: { resources: "resourceSpans", scopes: "scopeSpans", items: "spans", word: "span" },
  metrics: { resources: "resourceMetrics", scopes: "scopeMetrics", items: "metrics", word: "metric" },
  logs: { resources: "resourceLogs", scopes: "scopeLogs", items: "logRecords", word: "log record" },
};

/** A request that is not OTLP at all, so that nothing of it can be taken. */
export class Malformed extends Error {}

function lists(value: unknown, name: string): unknown[] {
  const found = listIn(value, name);
  if (!found) throw new Malformed(`${name} is not a list.`);
  return found;
}

/** Goes through a request of any signal; `read` gives what an item is, or why it is none. Throws Malformed. */
export function readResources<T>(signal: Signal, request: unknown, read: (item: unknown) => T[] | string, refused: Refused): FromResource<T>[] {
  if (request === null || typeof request !== "object" || Array.isArray(request)) throw new Malformed("The body is not an object.");
  const { resources, scopes, items, word } = PLACES[signal];
  return lists(request, resources).map((one) => {
    const found: T[] = [];
    for (const scope of lists(one, scopes)) {
      for (const item of lists(scope, items)) {
        const taken = item !== null && typeof item === "object" ? read(item) : `A ${word} is not an object.`;
        if (typeof taken === "string") refused.add(taken);
        else for (const single of taken) found.push(single);
      }
    }
    return { resource: attributesOf(listIn(field(one, "resource"), "attributes") ?? []), items: found };
  });
}

/** How many items a request has, before anything of them is looked at. */
export function countItems(signal: Signal, request: unknown): number {
  const { resources, scopes, items } = PLACES[signal];
  let count = 0;
  for (const one of listIn(request, resources) ?? []) for (const scope of listIn(one, scopes) ?? []) count += (listIn(scope, items) ?? []).length;
  return count;
}
