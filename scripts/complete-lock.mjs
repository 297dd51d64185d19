import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./launcher/paths.mjs";

// npm leaves out the optional packages of other platforms when the registry in use does not have them; `npm ci` then refuses
// the lock on any machine. What npm would have written is known from the package that asks for them.

const KNOWN_OS = ["darwin", "win32", "linux", "freebsd", "android", "openbsd", "netbsd", "sunos", "aix", "openharmony"];
const KNOWN_CPU = ["x64", "arm64", "arm", "ia32", "ppc64", "s390x", "riscv64", "loong64", "mips64el", "wasm32"];

function platformOf(name) {
  const words = name.split("/").at(-1).replace("windows", "win32").split("-");
  const os = words.find((word) => KNOWN_OS.includes(word));
  const cpu = words.find((word) => KNOWN_CPU.includes(word) || /^armv\d|^arm$/.test(word));
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu.startsWith("armv") ? "arm" : cpu] } : {}),
    ...(words.includes("musl") || words.includes("linuxmusl") ? { libc: ["musl"] } : {}),
  };
}

/** Entries of optional dependencies that the lock lacks, with exact versions. */
export function missingEntries(lock) {
  const missing = {};
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const near = `${place}${place ? "/" : ""}node_modules/${name}`;
      const paths = [near, `node_modules/${name}`];
      if (paths.some((at) => lock.packages[at] || missing[at])) continue;
      if (!/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platformOf(name) };
    }
  }
  return missing;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = path.join(ROOT, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock);
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`Added ${Object.keys(missing).length} entries.`);
}
