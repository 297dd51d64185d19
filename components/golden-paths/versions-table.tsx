import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { GoldenPathVersion } from "@/lib/golden-paths/contract";
import { FormCounts } from "./form-counts";
import { MakeCurrent } from "./make-current";
import { usageWords } from "./usage-words";

const COLUMNS = [
  { key: "version", title: "Version" },
  { key: "note", title: "What changed" },
  { key: "who", title: "Published" },
  { key: "usage", title: "Made from it" },
  { key: "forms", title: "Forms" },
  { key: "do", title: <span className="sr">Actions</span>, className: "end" },
];

interface Props {
  versions: GoldenPathVersion[];
  now: string;
  canPublish: boolean;
  /** Of the page that shows differences. */
  compareHref?: string;
}

/** The published versions, newest first. */
export function VersionsTable({ versions, now, canPublish, compareHref }: Props) {
  const currentIndex = versions.findIndex(({ isCurrent }) => isCurrent);
  const current = versions[currentIndex]?.version ?? "";
  const rows = versions.map((version, index) => {
    const before = versions[index + 1]?.version;
    const href = compareHref && before ? `${compareHref}?from=${encodeURIComponent(before)}&to=${encodeURIComponent(version.version)}` : null;
    return {
      key: version.version,
      cells: {
        version: (
          <span className="line wrap">
            {href ? (
              <Link className="mono strong" href={href} title={`Compare with ${before}`}>
                {version.version}
              </Link>
            ) : (
              <span className="mono strong">{version.version}</span>
            )}
            {version.isCurrent ? <span className="badge">current</span> : null}
          </span>
        ),
        note: version.note || null,
        who: (
          <span className="muted">
            {version.publishedBy ?? "Waymark"}, <Time at={version.publishedAt} now={now} />
          </span>
        ),
        usage: (
          <span className="muted">
            {usageWords(version.usage)}
            {version.usage.lastUsedAt ? (
              <>
                , last <Time at={version.usage.lastUsedAt} now={now} />
              </>
            ) : null}
          </span>
        ),
        forms: version.forms ? <FormCounts forms={version.forms} /> : null,
        do: canPublish && !version.isCurrent ? <MakeCurrent name={version.name} version={version.version} current={current} isBack={index > currentIndex} /> : <span />,
      },
    };
  });
  return (
    <Table
      caption="Published versions"
      columns={versions.some(({ forms }) => forms) && canPublish ? COLUMNS : COLUMNS.filter(({ key }) => key !== "forms")}
      rows={rows}
      foot={<span>{`${versions.length} of ${versions.length}`}</span>}
    />
  );
}
