import { spawn } from "node:child_process";
import { isLoopback } from "./portal-url";

/** True if the address is a web page of the portal itself: nothing else that a server names is opened. */
function isPageOf(portal: string, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const [page, own] = [new URL(address), new URL(portal)];
  return page.origin === own.origin || (page.protocol === "http:" && isLoopback(page.hostname) && isLoopback(own.hostname));
}

/** Opens a page of the portal in the person's browser where there is a display. Never fails: the address is printed as well. */
export function openBrowser(portal: string, address: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (!isPageOf(portal, address) || (process.platform !== "darwin" && !DISPLAY && !WAYLAND_DISPLAY)) return;
  const child = spawn(process.platform === "darwin" ? "open" : "xdg-open", [new URL(address).href], { stdio: "ignore", detached: true });
  // No program to open it with: the person follows the printed address.
  child.on("error", () => child.unref());
  child.unref();
}
