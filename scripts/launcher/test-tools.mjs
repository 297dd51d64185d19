import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const browserPath = () => [process.env.CHROMIUM_PATH, ...BROWSERS].find((file) => file && existsSync(file)) ?? null;
const bubblewrap = () => ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"].find((file) => existsSync(file)) ?? null;

function isDebian() {
  return existsSync("/etc/debian_version") || (existsSync("/etc/os-release") && /ID(_LIKE)?=.*debian/.test(readFileSync("/etc/os-release", "utf8")));
}

function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, stdio: ["ignore", "ignore", "inherit"] });
}

/** Brings the browser and bubblewrap where that is possible. Returns what is missing afterwards, in words. */
export function ensureTestTools() {
  const wanted = [
    { name: "chromium", found: browserPath, without: "the end-to-end tests did not run" },
    { name: "bubblewrap", found: bubblewrap, without: "environments were tested without isolation" },
  ];
  const absent = wanted.filter((tool) => !tool.found());
  if (absent.length && process.getuid?.() === 0 && isDebian() && existsSync("/usr/bin/apt-get")) {
    console.log(`Installing ${absent.map((tool) => tool.name).join(" and ")}`);
    try {
      install(absent.map((tool) => tool.name));
    } catch (error) {
      console.log(`apt-get failed: ${error.message}`);
    }
  }
  return wanted.filter((tool) => !tool.found()).map((tool) => `${tool.name} is not installed, so ${tool.without}`);
}
