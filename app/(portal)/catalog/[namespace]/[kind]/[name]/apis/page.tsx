import { ApisTable } from "@/components/catalog/apis-table";
import { Empty } from "@/components/ui/empty";
import { SectionHead } from "@/components/ui/page-head";
import { getEntityHead, listApis } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

const SECTIONS = [
  { standing: "provides", title: "Provides" },
  { standing: "uses", title: "Uses" },
  { standing: "holds", title: "Belong to it" },
] as const;

/** The APIs of a component or system. */
export default async function EntityApisPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const key = await params;
  const [{ entity }, { items }] = await Promise.all([orNotFound(getEntityHead(ctx, key)), orNotFound(listApis(ctx, key))]);
  if (items.length === 0) {
    return (
      <Empty title={`${entity.title} names no APIs`}>
        Add providesApis and consumesApis to its definition, and an entity of the kind API with the definition itself. $text reads it from a file beside the definition.
      </Empty>
    );
  }
  return (
    <div className="stack-8">
      {SECTIONS.map(({ standing, title }) => {
        const apis = items.filter((one) => one.standing === standing);
        return apis.length ? (
          <section key={standing}>
            <SectionHead title={title} aside={String(apis.length)} />
            <ApisTable apis={apis} caption={`APIs: ${title}`} />
          </section>
        ) : null;
      })}
    </div>
  );
}
