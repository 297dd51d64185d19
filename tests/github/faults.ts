/** What goes wrong with the next matching request. `after`: the effect happens, its answer is lost or replaced. */
export interface Fault {
  /** Operation id such as `repos/create-in-org`, or `git/info-refs`, `git/upload-pack`, `git/receive-pack`. */
  operation: string;
  when: "before" | "after";
  /** `cut`: the connection ends without an answer. `silence`: no answer ever. `half`: headers, then half a body. */
  kind: "cut" | "silence" | "half" | { status: number; message?: string; headers?: Record<string, string> };
  /** How many requests it hits; 1 by default. */
  times?: number;
}

/** The faults that wait for their request. */
export class Faults {
  private waiting: (Fault & { left: number })[] = [];
  /** Operations that were hit, in order. */
  readonly hit: string[] = [];

  add(fault: Fault): void {
    this.waiting.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
    this.hit.length = 0;
  }

  take(operation: string, when: Fault["when"]): Fault["kind"] | null {
    const fault = this.waiting.find((one) => one.operation === operation && one.when === when && one.left > 0);
    if (!fault) return null;
    fault.left -= 1;
    this.hit.push(operation);
    return fault.kind;
  }
}

export const SECONDARY_LIMIT: Fault["kind"] = {
  status: 403,
  message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  headers: { "retry-after": "60" },
};
export const PRIMARY_LIMIT = (resetAt: Date): Fault["kind"] => ({
  status: 403,
  message: "API rate limit exceeded for installation ID 1.",
  headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.floor(resetAt.getTime() / 1000)) },
});
