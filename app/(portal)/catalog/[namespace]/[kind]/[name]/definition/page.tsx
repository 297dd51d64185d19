import { stringify } from "yaml";
import { FindingList } from "@/components/catalog/finding-list";
import { CodeEditor } from "@/components/editor/code-editor";
import { LinkButton } from "@/components/ui/button";
import { SectionHead } from "@/components/ui/page-head";
import { getEntity } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

export default async function EntityDefinitionPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const entity = await orNotFound(getEntity(ctx, await params));
  return (
    <div className="stack-6">
      {entity.findings.length ? (
        <section>
          <SectionHead title="To put right" aside={String(entity.findings.length)} />
          <FindingList findings={entity.findings} />
        </section>
      ) : null}
      <div className="line">
        <LinkButton href={`/api/v1/entities/${[entity.kind, entity.namespace, entity.name].map(encodeURIComponent).join("/")}/definition`} external>
          Download YAML
        </LinkButton>
      </div>
      <CodeEditor label={`Definition of ${entity.ref}`} value={stringify(entity.definition)} language="yaml" readOnly />
    </div>
  );
}
