import { commitHref } from "@/components/repositories/addresses";
import { Link } from "@/components/ui/link";
import { type DerivedFacts, type EntityDoc, entityHref } from "@/lib/catalog/contract";
import type { Deployment } from "@/lib/environments/contract";
import type { CommitLine, Repository } from "@/lib/repositories/contract";
import type { DerivedLine } from "./about";

interface Known {
  entityRef: string;
  docs: number;
  doc: EntityDoc | null;
  repository: Repository | null;
  commit: CommitLine | null;
  /** What a source elsewhere told, where there is no repository here. */
  facts: DerivedFacts;
  /** What last reached production. */
  deployed: Deployment | null;
}

/** What the platform found out about an entity by itself, each with its source and age. */
export function derivedLines({ entityRef, docs, doc, repository, commit, facts, deployed }: Known): DerivedLine[] {
  const lines: DerivedLine[] = [];
  if (repository && commit) {
    lines.push({
      label: "Last commit",
      value: (
        <Link className="link truncate block" href={commitHref(repository, commit.sha)} title={commit.subject}>
          {commit.subject || commit.sha.slice(0, 7)}
        </Link>
      ),
      from: `by ${commit.author}, from the repository`,
      at: commit.authoredAt,
    });
  }
  if (!commit && facts.lastCommit) {
    const { value, from, author, at } = facts.lastCommit;
    lines.push({ label: "Last commit", value: <span className="mono">{value.slice(0, 7)}</span>, from: `by ${author}, from the ${from}`, at });
  }
  if (deployed) {
    lines.push({
      label: "In production",
      value: (
        <Link className="link mono" href={entityHref(entityRef, "deployments")}>
          {deployed.commit.slice(0, 7)}
        </Link>
      ),
      from: "from its deployments",
      at: deployed.finishedAt ?? deployed.createdAt,
    });
  }
  if (doc) {
    lines.push({
      label: "Docs",
      value: (
        <Link className="link" href={entityHref(entityRef, "docs")}>
          {docs} {docs === 1 ? "document" : "documents"}
        </Link>
      ),
      from: doc.commit ? `read at ${doc.commit.slice(0, 7)}` : "as they were imported",
      at: doc.readAt,
    });
  }
  return lines;
}
