import type { Metadata } from "next";
import { GET } from "@/app/api/v1/openapi.json/route";
import { type ApiDocument, ApiReference } from "@/components/docs/api-reference";
import { Page } from "@/components/layout/page";
import { LinkButton } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/copy-button";
import { PageHead } from "@/components/ui/page-head";
import { env } from "@/lib/core/env";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "HTTP API" };

export default async function ApiDocsPage() {
  await requireSignedIn();
  const document = (await GET().json()) as ApiDocument;
  return (
    <Page crumbs={[{ label: "HTTP API" }]}>
      <PageHead
        title="HTTP API"
        sub="Everything that Waymark can do, for programs. Errors are problem+json with what to do about them; a repeated Idempotency-Key is answered like the first time."
        actions={<LinkButton href="/api/v1/openapi.json">OpenAPI 3.1</LinkButton>}
      />
      <div className="stack-8">
        <CodeBlock code={`curl -H "authorization: Bearer $WAYMARK_TOKEN" ${env().url}/api/v1/environments`} />
        <ApiReference document={document} />
      </div>
    </Page>
  );
}
