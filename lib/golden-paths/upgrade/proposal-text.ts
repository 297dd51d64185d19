import { compareVersions } from "../version-order";
import type { Upgrade } from "./compute";

interface Proposed {
  name: string;
  from: string;
  to: string;
  versions: { version: string; note: string }[];
  upgrade: Pick<Upgrade, "changed" | "conflicts" | "notes" | "kept">;
  rejoined: string[];
  branch: string;
}

const MAX_LISTED = 50;

/** Title and text of an upgrade's pull request: what comes, what people have to decide, what was left alone. */
export function proposalText({ name, from, to, versions, upgrade, rejoined, branch }: Proposed): { title: string; body: string } {
  const { changed, conflicts, notes, kept } = upgrade;
  const between = versions.filter(({ version }) => compareVersions(version, from) > 0 && compareVersions(version, to) <= 0);
  const deleted = notes.filter(({ kind }) => kind === "stays-deleted").map(({ path }) => path);
  const yours = notes.filter(({ kind }) => kind === "stays-yours").map(({ path }) => path);
  const parts = [
    from === to ? `Follows ${name} ${to} again.` : `Brings what changed in the golden path ${name} from ${from} to ${to}.`,
    between.length ? ["| Version | What changed |", "|---|---|", ...between.map(({ version, note }) => `| ${version} | ${cell(note)} |`)].join("\n") : "",
    section("Follows the path again", rejoined, ""),
    section(
      "To settle",
      conflicts.map(({ path }) => path),
      `The team and the path changed the same lines. Check out \`${branch}\`, edit each file between \`<<<<<<<\` and \`>>>>>>>\`, push, then mark this as ready.`,
    ),
    section("Deleted by the team, changed by the path: stays deleted", deleted, ""),
    section("Cannot be merged: stays as the team has it", yours, ""),
    section("Kept by the team and left alone", kept, ""),
    section("Files that change", changed, ""),
  ];
  const title = from === to ? `Follow ${name} ${to} again` : `Upgrade ${name} from ${from} to ${to}`;
  return { title, body: parts.filter(Boolean).join("\n\n") };
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").slice(0, 500);

function section(title: string, paths: string[], text: string): string {
  if (paths.length === 0) return "";
  const more = paths.length > MAX_LISTED ? [`- and ${paths.length - MAX_LISTED} more`] : [];
  return [`## ${title}`, ...(text ? [text] : []), [...paths.slice(0, MAX_LISTED).map((path) => `- \`${path.replaceAll("`", "'")}\``), ...more].join("\n")].join("\n\n");
}
