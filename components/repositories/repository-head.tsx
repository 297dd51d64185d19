import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Tabs } from "@/components/ui/tabs";
import { entityHref } from "@/lib/catalog/contract";
import type { Repository } from "@/lib/repositories/contract";
import { commitsHref, pullsHref, repositoryHref } from "./addresses";

export interface RepositoryHeadProps {
  repository: Repository & { team: { ref: string; title: string; name: string } | null; archivedAt: string | null; openPullRequests: number };
  current: "files" | "commits" | "pulls";
  branch: string;
}

export function RepositoryHead({ repository, current, branch }: RepositoryHeadProps) {
  const { owner, name, team, entityRef, provider, status, description, goldenPath } = repository;
  return (
    <>
      <PageHead
        title={
          <>
            <span className="muted">{owner} / </span>
            {name}
          </>
        }
        sub={description || undefined}
        meta={
          <>
            {team ? <Link href={`/teams/${team.name}`}>{team.title}</Link> : <span>{owner}</span>}
            {entityRef ? <Link href={entityHref(entityRef)}>Service {name}</Link> : null}
            {goldenPath ? (
              <span>
                made from {goldenPath.name} {goldenPath.version}
              </span>
            ) : null}
            <span>{provider === "waymark" ? "Waymark's git server" : "GitHub"}</span>
          </>
        }
      />
      {status === "archived" ? <Notice tone="info">This repository is archived: its service was decommissioned. It can be read and cloned, and takes no pushes.</Notice> : null}
      <Tabs
        label="Repository"
        tabs={[
          { label: "Files", href: repositoryHref(repository), current: current === "files" },
          { label: "History", href: commitsHref(repository, branch), current: current === "commits" },
          ...(provider === "waymark"
            ? [{ label: "Pull requests", href: pullsHref(repository), current: current === "pulls", count: repository.openPullRequests || undefined }]
            : []),
        ]}
      />
    </>
  );
}
