// Each kind of CDEvent has a version of its own in its type. By semantic versioning a number before 1.0 breaks with its minor: a newer
// minor cannot be understood, a patch can. The fields that Waymark reads have been the same since the first version.

interface Version {
  minor: number;
  major: number;
}

const TYPE = /^(dev\.cdevents\.[a-z]+\.[a-z]+)\.(\d+)\.(\d+)\.(\d+)(?:-[a-z0-9.]+)?$/i;

/** `{kind, major, minor}` of `dev.cdevents.service.deployed.0.3.0`; null for what is no versioned type. */
export function versionOf(type: string): (Version & { kind: string }) | null {
  const [, kind = "", major, minor] = TYPE.exec(type) ?? [];
  return kind ? { kind: kind.toLowerCase(), major: Number(major), minor: Number(minor) } : null;
}

/** How a version stands to the newest one that is known of its kind. */
export function standingTo(newest: Version, { major, minor }: Version): "newer" | "same" | "older" {
  const difference = major - newest.major || minor - newest.minor;
  return difference > 0 ? "newer" : difference < 0 ? "older" : "same";
}

/** What a sender of a version that is not understood reads. */
export function notUnderstood(type: string, { major, minor }: Version): string {
  const { kind = type } = versionOf(type) ?? {};
  return `Waymark understands ${kind} of the versions 0.1 to ${major}.${minor} (CDEvents 0.1 to 0.5), and this is ${type.slice(kind.length + 1)}. Send one of those.`;
}
