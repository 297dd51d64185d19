import { CornerLeftUp, File, Folder, FolderGit2, Link2 } from "lucide-react";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { byteSize } from "@/lib/core/format";
import type { CommitLine, TreeItem } from "@/lib/repositories/contract";
import { commitHref, treeHref } from "./addresses";

const ICONS = { folder: Folder, file: File, link: Link2, submodule: FolderGit2 };

interface Props {
  repository: { owner: string; name: string };
  at: string;
  path: string;
  entries: TreeItem[];
  last: CommitLine | null;
  now: string;
}

/** A folder of a repository under the last commit that touched it. */
export function FileList({ repository, at, path, entries, last, now }: Props) {
  const parent = path.split("/").slice(0, -1).join("/");
  return (
    <div className="table-wrap">
      {last ? <LastCommit repository={repository} last={last} now={now} /> : null}
      <table className="table dense files">
        <caption className="sr">Files in {path || "the repository"}</caption>
        <thead className="sr">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {path ? (
            <tr data-row>
              <td>
                <Link className="file-name" href={treeHref(repository, at, parent)}>
                  <CornerLeftUp className="i" aria-hidden />
                  Up to {parent || "the top"}
                </Link>
              </td>
              <td />
            </tr>
          ) : null}
          {entries.map((entry) => {
            const Icon = ICONS[entry.type];
            return (
              <tr key={entry.name} data-row>
                <td>
                  <Link className="file-name" href={treeHref(repository, at, entry.path)}>
                    <Icon className="i" aria-hidden />
                    {entry.name}
                  </Link>
                </td>
                <td className="num muted">{entry.size === null ? "" : byteSize(entry.size)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function LastCommit({ repository, last, now }: { repository: { owner: string; name: string }; last: CommitLine; now: string }) {
  return (
    <div className="last-commit">
      <Link className="truncate grow" href={commitHref(repository, last.sha)} title={last.subject}>
        {last.subject || "(no message)"}
      </Link>
      <span className="muted nowrap">{last.author}</span>
      <span className="mono muted">{last.sha.slice(0, 7)}</span>
      <span className="muted">
        <Time at={last.authoredAt} now={now} />
      </span>
    </div>
  );
}
