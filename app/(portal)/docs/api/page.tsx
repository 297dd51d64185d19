import type { Metadata } from "next";
import { GET } from "@/app/api/v1/openapi.json/route";
import { ApiOperations, holdsWords } from "@/components/catalog/api-operations";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { PageHead } from "@/components/ui/page-head";
import { describeApi } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "HTTP API" };

/** The HTTP API for reading, made from the same contracts that check it and shown as any API of the catalog is. */
export default async function ApiDocsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  await requireSignedIn();
  const words = (text((await searchParams).q) ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const { operations } = await describeApi("openapi", await (await GET()).text());
  const shown = operations.filter((one) => holdsWords(one, words));
  return (
    <Page crumbs={[{ label: "HTTP API" }]}>
      <PageHead
        title="HTTP API"
        sub="Everything that Waymark can do, for programs. Errors are problem+json with what to do about them; a repeated Idempotency-Key is answered like the first time."
        actions={
          <LinkButton href="/api/v1/openapi.json" external>
            OpenAPI 3.1
          </LinkButton>
        }
      />
      <div className="stack-4">
        <CodeBlock code={`curl -H "authorization: Bearer $WAYMARK_TOKEN" ${env().url}/api/v1/environments`} />
        <FilterBar search={{ name: "q", placeholder: "Path, field, description" }} count={`${shown.length} of ${operations.length}`} />
        {shown.length ? (
          <>
            <h2 className="sr">Operations</h2>
            <ApiOperations operations={shown} />
          </>
        ) : (
          <div className="table-wrap">
            <Empty title="Nothing here fits" action={<LinkButton href="/docs/api">Clear the search</LinkButton>}>
              Search for part of a path, the name of a field, or a word of what it does.
            </Empty>
          </div>
        )}
      </div>
    </Page>
  );
}
