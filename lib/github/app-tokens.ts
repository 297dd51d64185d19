/** Installation tokens are renewed this long before they end, so that a long push does not lose its own. */
const MARGIN_MS = 5 * 60_000;

/**
 * Cache of installation tokens for the authentication library, which keeps each as `token|made|ends|…`. Ours goes by
 * the end that GitHub named, and can forget: a permission granted later is only in a new token.
 */
export class TokenCache {
  private readonly kept = new Map<string, string>();

  get(key: string): string {
    const value = this.kept.get(key) ?? "";
    const [, , ends = ""] = value.split("|");
    if (Date.parse(ends) - MARGIN_MS > performance.timeOrigin + performance.now()) return value;
    this.kept.delete(key);
    return "";
  }

  set(key: string, value: string): void {
    this.kept.set(key, value);
  }

  forget(): void {
    this.kept.clear();
  }
}
