import { ENVIRONMENT_NAME } from "../contract";

/** The name of the sandbox that a Host header asks for; null when it asks for something else. */
export function nameInHost(host: string | undefined, domain: string): string | null {
  if (!host) return null;
  const asked = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  const suffix = `.${domain.toLowerCase()}`;
  if (!asked.endsWith(suffix)) return null;
  const name = asked.slice(0, -suffix.length);
  return ENVIRONMENT_NAME.test(name) ? name : null;
}

/** While the table cannot be asked, what was known keeps working. */
const STALE_MS = 5 * 60_000;
const MOST_NAMES = 10_000;

interface Asked<T> {
  /** When the question was put; the answer is at least as new. */
  at: number;
  answer: Promise<T>;
}

/** Remembers answers for as long as `freshMs` says, asks once for many at the same time, and lives through a short outage of the source. */
export class ShortMemory<T> {
  private readonly known = new Map<string, { at: number; value: T }>();
  private readonly asking = new Map<string, Asked<T>>();

  constructor(
    private readonly ask: (name: string) => Promise<T>,
    private readonly freshMs: (value: T) => number,
  ) {}

  async get(name: string): Promise<T> {
    const now = performance.now();
    const found = this.known.get(name);
    if (found && now - found.at < this.freshMs(found.value)) return found.value;
    try {
      return await (this.asking.get(name) ?? this.put(name)).answer;
    } catch (error) {
      if (found && now - found.at < STALE_MS) return found.value;
      throw error;
    }
  }

  /** The next one who asks gets a new answer. Returns the one that was known. */
  forget(name: string): T | null {
    const found = this.known.get(name);
    if (found) this.known.set(name, { ...found, at: Number.NEGATIVE_INFINITY });
    return found?.value ?? null;
  }

  /** An answer to a question put after `moment` (of performance.now()); many callers still ask one at a time. */
  async newerThan(moment: number, name: string): Promise<T> {
    for (;;) {
      const asked = this.asking.get(name);
      if (asked && asked.at >= moment) return asked.answer;
      const found = this.known.get(name);
      if (found && found.at >= moment) return found.value;
      if (!asked) return this.put(name).answer;
      await Promise.allSettled([asked.answer]);
    }
  }

  private put(name: string): Asked<T> {
    const at = performance.now();
    const answer = this.ask(name)
      .then((value) => this.remember(name, at, value))
      .finally(() => this.asking.delete(name));
    const asked = { at, answer };
    this.asking.set(name, asked);
    return asked;
  }

  private remember(name: string, at: number, value: T): T {
    this.known.delete(name);
    this.known.set(name, { at, value });
    const oldest = this.known.size > MOST_NAMES ? this.known.keys().next() : null;
    if (oldest && !oldest.done) this.known.delete(oldest.value);
    return value;
  }
}
