const SEMVER = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

interface Version {
  numbers: [number, number, number];
  pre: string[];
}

function parse(text: string): Version | null {
  const match = text.length <= 64 ? SEMVER.exec(text) : null;
  if (!match) return null;
  const [, major, minor, patch, pre] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], pre: pre ? pre.split(".") : [] };
}

/** True for `1.2.3`, `1.2.3-rc.1` and `1.2.3+build`, at most 64 characters. */
export function isVersion(text: string): boolean {
  return parse(text) !== null;
}

/** Order of semver 2.0: below zero when `a` comes first. What follows `+` does not count; what is no version comes before all that are. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return Number(left !== null) - Number(right !== null);
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index];
    if (difference !== 0) return difference;
  }
  return comparePre(left.pre, right.pre);
}

function comparePre(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    const [leftNumber, rightNumber] = [numeric(left), numeric(right)];
    if (leftNumber !== null && rightNumber !== null) return leftNumber - rightNumber;
    if (leftNumber !== null || rightNumber !== null) return leftNumber !== null ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

function numeric(part: string): number | null {
  return /^\d+$/.test(part) ? Number(part) : null;
}

/** The highest of the versions, or null for none. */
export function highestVersion(versions: string[]): string | null {
  return versions.reduce<string | null>((best, version) => (best === null || compareVersions(version, best) > 0 ? version : best), null);
}

/** The next minor version after the highest, which most changes of a path are; 1.0.0 for the first. */
export function nextVersion(versions: string[]): string {
  const highest = highestVersion(versions);
  const parsed = highest ? parse(highest) : null;
  return parsed ? `${parsed.numbers[0]}.${parsed.numbers[1] + 1}.0` : "1.0.0";
}
