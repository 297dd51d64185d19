import { CodeBlock } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import type { RepositoryProviderName } from "@/lib/repositories/contract";

/** How to get the repository onto one's own machine, and where the password comes from. */
export function CloneBox({ cloneUrl, provider, mayPush }: { cloneUrl: string; provider: RepositoryProviderName; mayPush: boolean }) {
  return (
    <section className="stack">
      <SectionHead title="Clone" />
      <CodeBlock code={`git clone ${cloneUrl}`} />
      {provider === "waymark" ? (
        <p className="muted">
          Git asks for a name and a password: any name, and a token as password.{" "}
          <Link className="link" href="/account?tab=tokens">
            Create a token
          </Link>{" "}
          with the scope <span className="mono">read</span>
          {mayPush ? (
            <>
              {" "}
              and <span className="mono">repo:create</span> to push
            </>
          ) : (
            ""
          )}
          .
        </p>
      ) : null}
    </section>
  );
}
