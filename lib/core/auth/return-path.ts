/** A path on our own origin to go back to after sign-in; "/" for everything else (other origins, backslashes, control characters). */
export function safeReturnPath(wanted: unknown, origin: string): string {
  if (typeof wanted !== "string" || wanted.length > 2_000) return "/";
  const path = wanted.startsWith(`${origin}/`) ? wanted.slice(origin.length) : wanted;
  if (!path.startsWith("/") || path.startsWith("//") || /[\\\u0000-\u001f\u007f]/.test(path)) return "/";
  try {
    const url = new URL(path, origin);
    // What is left without its dots ("/.//elsewhere") may begin with two slashes after all, which would name another host.
    return url.origin === origin && !url.pathname.startsWith("//") ? `${url.pathname}${url.search}${url.hash}` : "/";
  } catch {
    return "/";
  }
}
