/** The caller's network (first three octets, or /48), from the address that the proxy in front or the socket reports; null when unknown. */
export function ipPrefix(headers: Headers): string | null {
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (!address) return null;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  const v6 = /^(?:::ffff:)?(.*)$/i.exec(address)?.[1] ?? address;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(v6)) return `${v6.split(".").slice(0, 3).join(".")}.0/24`;
  return /^[0-9a-f:]+$/i.test(v6) ? `${v6.split(":").slice(0, 3).join(":")}::/48` : null;
}
