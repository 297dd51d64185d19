import { SENDER_AT_ONCE, SENDER_RATE } from "./limits";

interface Rate {
  perSecond: number;
  burst: number;
}

/** A bucket that fills with time; what it holds may be spent at once. */
export class Bucket {
  private level: number;
  private at: number;

  constructor(
    private readonly rate: Rate,
    atMs: number,
  ) {
    this.level = rate.burst;
    this.at = atMs;
  }

  private fill(atMs: number): void {
    this.level = Math.min(this.rate.burst, this.level + (Math.max(0, atMs - this.at) / 1000) * this.rate.perSecond);
    this.at = Math.max(this.at, atMs);
  }

  /** 0 when so much may be spent now, else the seconds until it may. Spends nothing. */
  wait(amount: number, atMs: number): number {
    this.fill(atMs);
    const missing = Math.min(amount, this.rate.burst) - this.level;
    return missing <= 0 ? 0 : Math.ceil(missing / this.rate.perSecond);
  }

  /** True if one was there to be spent. */
  take(atMs: number, amount = 1): boolean {
    if (this.wait(amount, atMs) > 0) return false;
    this.level -= amount;
    return true;
  }
}

/** What senders are held to, each for itself, in this process: a flood of one costs the others nothing. */
export class Throttle {
  private readonly senders = new Map<string, { items: Bucket; bytes: Bucket; atOnce: number; seenAt: number }>();

  private of(key: string, atMs: number) {
    const known = this.senders.get(key);
    if (known) return Object.assign(known, { seenAt: atMs });
    const made = { items: new Bucket(SENDER_RATE.items, atMs), bytes: new Bucket(SENDER_RATE.bytes, atMs), atOnce: 0, seenAt: atMs };
    this.senders.set(key, made);
    return made;
  }

  /** Seconds to wait before a request of any size is looked at; 0 = now, and then `leave` has to be called. */
  enter(key: string, atMs: number): number {
    const sender = this.of(key, atMs);
    const wait = sender.atOnce >= SENDER_AT_ONCE ? 1 : Math.max(sender.items.wait(1, atMs), sender.bytes.wait(1, atMs));
    if (wait === 0) sender.atOnce++;
    return wait;
  }

  /** Seconds to wait before so much is taken; 0 = it is taken. */
  spend(key: string, size: { items: number; bytes: number }, atMs: number): number {
    const { items, bytes } = this.of(key, atMs);
    const wait = Math.max(items.wait(size.items, atMs), bytes.wait(size.bytes, atMs));
    if (wait > 0) return wait;
    items.take(atMs, size.items);
    bytes.take(atMs, size.bytes);
    return 0;
  }

  leave(key: string): void {
    const sender = this.senders.get(key);
    if (sender) sender.atOnce--;
  }

  /** Forgets senders that have been quiet for so long that their buckets are full again. */
  forget(quietMs: number, atMs: number): void {
    for (const [key, { seenAt, atOnce }] of this.senders) if (atOnce === 0 && seenAt < atMs - quietMs) this.senders.delete(key);
  }
}
