import { GitCommitHorizontal } from "lucide-react";
import { Link } from "@/components/ui/link";

/** A commit as people write it, seven characters, with the rest on hover. */
export function CommitRef({ commit, href, icon = false }: { commit: string; href?: string | null; icon?: boolean }) {
  const text = (
    <>
      {icon ? <GitCommitHorizontal className="i" aria-hidden /> : null}
      {commit.slice(0, 7)}
    </>
  );
  if (!href)
    return (
      <span className="ref" title={commit}>
        {text}
      </span>
    );
  return (
    <Link className="ref" href={href} title={commit}>
      {text}
    </Link>
  );
}
