import { Link } from "@/components/ui/link";
import { SectionHead } from "@/components/ui/page-head";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { entityHref, type ImportResult } from "@/lib/catalog/contract";
import { FieldChanges } from "./field-changes";
import { FindingsSection } from "./findings-section";

const CHANGES = { check: { created: "New", updated: "Changes", unchanged: "Unchanged" }, done: { created: "Added", updated: "Changed", unchanged: "Unchanged" } };

/** `3 accepted, 1 of them with findings, 1 refused`. */
export function importSummary({ accepted, findings, refused }: ImportResult): string {
  const withFindings = new Set(findings.map(({ entityRef }) => entityRef)).size;
  return [`${accepted.length} accepted`, ...(withFindings ? [`${withFindings} of them with findings`] : []), `${refused.length} refused`].join(", ");
}

/** What an import does or did with each document. */
export function ImportReport({ result, isCheck }: { result: ImportResult; isCheck: boolean }) {
  const { accepted, findings, refused } = result;
  const columns = [
    { key: "name", title: "Entity" },
    { key: "file", title: "File", className: "desk-cell" },
    { key: "change", title: isCheck ? "What would happen" : "What happened", className: "end" },
  ];
  const rows = accepted.map(({ entityRef, file, line, change, changes }) => ({
    key: entityRef,
    cells: {
      name:
        isCheck && change === "created" ? (
          <span className="strong">{entityRef}</span>
        ) : (
          <>
            <Link className="name" href={entityHref(entityRef)}>
              {entityRef}
            </Link>
            {changes?.length ? <FieldChanges changes={changes} /> : null}
          </>
        ),
      file: `${file}, line ${line}`,
      change: CHANGES[isCheck ? "check" : "done"][change],
    },
  }));
  return (
    <div className="stack-6" aria-live="polite">
      <p className="line strong">
        <Status value={refused.length ? "refused" : "done"} glyphOnly />
        {importSummary(result)}
      </p>
      <FindingsSection title="Refused" findings={refused} refused />
      <FindingsSection title="Accepted, to put right" findings={findings} />
      {accepted.length ? (
        <section>
          <SectionHead title="Accepted" aside={String(accepted.length)} />
          <Table caption="Accepted entities" columns={columns} rows={rows} />
        </section>
      ) : null}
    </div>
  );
}
