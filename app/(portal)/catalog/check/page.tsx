import type { Metadata } from "next";
import { ImportForm } from "@/components/catalog/import-form";
import { Page } from "@/components/layout/page";
import { CodeBlock } from "@/components/ui/copy-button";
import { PageHead } from "@/components/ui/page-head";
import { requireSignedIn } from "@/lib/core/session-ctx";

export const metadata: Metadata = { title: "Check · Catalog" };

const CI = `- name: Check the catalog files
  run: waymark catalog check .
  env:
    WAYMARK_URL: https://waymark.example.com
    WAYMARK_TOKEN: \${{ secrets.WAYMARK_TOKEN }}`;

export default async function CheckPage() {
  await requireSignedIn();
  return (
    <Page crumbs={[{ label: "Catalog", href: "/catalog" }, { label: "Check" }]}>
      <PageHead title="Check catalog files" sub="Says of each document what an import would do, and changes nothing." />
      <div className="stack-8">
        <ImportForm mayReadAddress={false} teams={[]} onlyCheck />
        <section className="stack">
          <h2>In every pull request</h2>
          <p>
            The command ends with 0 when every document would be accepted, with 1 when one would be refused, with 2 for a wrong path, 3 without a valid token, 5 when the platform
            cannot be reached. The token needs the scope catalog:write.
          </p>
          <CodeBlock code={CI} prompt="" label="Copy step" />
        </section>
      </div>
    </Page>
  );
}
