import { EXIT, Exit } from "./exit";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** True for names and addresses of this machine. */
export const isLoopback = (hostname: string) => LOOPBACK.includes(hostname) || hostname.endsWith(".localhost");

/** The origin of an address. Only this machine may be spoken to without encryption: the token travels in every request. Throws Exit 2. */
export function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw new Exit(EXIT.usage, `"${text}" is no address. Use for example https://waymark.example.com or http://localhost:3000.`);
  const url = new URL(text);
  if (url.username || url.password) throw new Exit(EXIT.usage, "The address of the portal holds a name or password. Leave it out and set WAYMARK_TOKEN.");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    throw new Exit(EXIT.usage, `${text} is not encrypted. Use https, or http on this machine only.`);
  return url.origin;
}
