const store = globalThis as typeof globalThis & { __waymarkHealth?: { ready: boolean; draining: boolean } };

/** What the readiness probe knows of this process; shared by start-up and the route that answers. */
export function processHealth(): { ready: boolean; draining: boolean } {
  store.__waymarkHealth ??= { ready: false, draining: false };
  return store.__waymarkHealth;
}
