import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { EXIT, Exit } from "./exit";
import { checkedUrl } from "./portal-url";
import { self, tell } from "./terminal";

interface Stored {
  /** The portal that commands talk to unless one is named. */
  current?: string;
  portals: Record<string, { token: string; expiresAt: string }>;
}

const TOKEN = /^wmk_(pat|cli|svc|scim)_[0-9A-Za-z]{36}$/;

const file = () => path.join(process.env.XDG_CONFIG_HOME || path.join(homedir(), ".config"), "waymark", "credentials.json");

function read(): Stored {
  const target = file();
  let text: string;
  try {
    text = readFileSync(target, "utf8");
    if (statSync(target).mode & 0o077) {
      chmodSync(target, 0o600);
      tell(`${target} could be read by other accounts; it is closed to them now.`);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { portals: {} };
    throw new Exit(EXIT.failed, `${target} cannot be read (${error instanceof Error ? error.message : error}). Mend or remove it, or set WAYMARK_TOKEN.`);
  }
  try {
    const { current, portals } = JSON.parse(text) as Partial<Stored>;
    return { ...(typeof current === "string" ? { current } : {}), portals: typeof portals === "object" && portals !== null ? portals : {} };
  } catch {
    throw new Exit(EXIT.failed, `${target} holds no JSON. Remove it and run \`${self()} login\` again.`);
  }
}

function write(stored: Stored): string {
  const target = file();
  try {
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    chmodSync(path.dirname(target), 0o700);
    const draft = `${target}.${process.pid}`;
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, target);
  } catch (error) {
    throw new Exit(EXIT.failed, `${target} cannot be written (${error instanceof Error ? error.message : error}). Set XDG_CONFIG_HOME to a folder of yours, or use WAYMARK_TOKEN.`);
  }
  return target;
}

/** The portal to talk to: the option, WAYMARK_URL, the one signed in to last, or the default of `npm start`. Throws Exit. */
export function portalUrl(option: string | undefined): string {
  return checkedUrl(option ?? (process.env.WAYMARK_URL || read().current || "http://localhost:3000"));
}

/** The token for a portal: WAYMARK_TOKEN, or what `waymark login` stored; null when there is none. Throws Exit 3 for one that cannot be right. */
export function tokenFor(url: string): string | null {
  const given = process.env.WAYMARK_TOKEN?.trim();
  if (!given) return read().portals[url]?.token ?? null;
  if (!TOKEN.test(given)) throw new Exit(EXIT.notSignedIn, `WAYMARK_TOKEN is not a Waymark token (wmk_…). Make one under Account, or unset it and run \`${self()} login\`.`);
  return given;
}

/** Keeps a token for a portal, readable by this account only. Returns the file's path. Throws Exit 1 when it cannot be written. */
export function storeToken(url: string, token: string, expiresAt: string): string {
  return write({ current: url, portals: { ...read().portals, [url]: { token, expiresAt } } });
}

/** Forgets the token of a portal. Returns when it would have ended, or null if there was none. */
export function forgetToken(url: string): string | null {
  const { current, portals } = read();
  const known = portals[url];
  if (!known) return null;
  const { [url]: _gone, ...others } = portals;
  const next = current === url ? Object.keys(others)[0] : current;
  write({ ...(next ? { current: next } : {}), portals: others });
  return known.expiresAt;
}
