import { inject } from "vitest";

export interface TestPortal {
  url: string;
  dataDir: string;
  proxyPort: number;
  /** On this machine; the one private address that the portal may call. */
  receiverPort: number;
}

let own: TestPortal | null = null;

/** The portal that a test file talks to: the one of all files, unless it has started one of its own. */
export const atPortal = (): TestPortal => own ?? inject("portal");

/** From here on this file talks to a portal of its own. */
export function usePortal(portal: TestPortal): void {
  own = portal;
}
