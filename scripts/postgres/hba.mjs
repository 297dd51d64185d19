const LOOPBACK = "127.0.0.1/32";
const PASSWORD = "scram-sha-256";

/**
 * Who may connect where: the portal's roles to their databases, and every other role only to the database of its own name.
 * `also` are further `[databases, roles]` over loopback, for tests.
 */
export function hbaText(also = []) {
  const lines = [
    ...also.map(([databases, roles]) => ["host", databases, roles, LOOPBACK, PASSWORD]),
    ["local", "all", "postgres", PASSWORD],
    ["host", "all", "postgres", LOOPBACK, PASSWORD],
    ...["waymark", "waymark_app"].map((role) => ["host", "waymark", role, LOOPBACK, PASSWORD]),
    // It may enter every database that it makes, and never the portal's.
    ["local", "waymark", "waymark_sandboxes", "reject"],
    ["host", "waymark", "waymark_sandboxes", LOOPBACK, "reject"],
    ["local", "all", "waymark_sandboxes", PASSWORD],
    ["host", "all", "waymark_sandboxes", LOOPBACK, PASSWORD],
    ["local", "sameuser", "all", PASSWORD],
    ["host", "sameuser", "all", LOOPBACK, PASSWORD],
  ];
  return `${lines.map((line) => line.join(" ")).join("\n")}\n`;
}
