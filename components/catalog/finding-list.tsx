import { CircleX, TriangleAlert } from "lucide-react";
import { Link } from "@/components/ui/link";
import { entityHref, type Finding } from "@/lib/catalog/contract";

/** What is wrong, in which line, and how to put it right. */
export function FindingList({ findings, refused = false, linked = false }: { findings: Finding[]; refused?: boolean; linked?: boolean }) {
  const Icon = refused ? CircleX : TriangleAlert;
  return (
    <ul className="list bare tight">
      {findings.map((finding) => (
        <li key={`${finding.file} ${finding.line} ${finding.rule} ${finding.message}`}>
          <Icon className={refused ? "i t-danger flex-none" : "i t-warning flex-none"} aria-hidden />
          <span className="grow">
            <span className="sr">{refused ? "Refused: " : "Finding: "}</span>
            <span className="strong">{finding.message}</span> {finding.fix}
            <span className="caption block">
              {finding.file}, line {finding.line}
              {finding.entityRef ? <> · {linked && !refused ? <Link href={entityHref(finding.entityRef, "definition")}>{finding.entityRef}</Link> : finding.entityRef}</> : null} ·{" "}
              <span className="mono">{finding.rule}</span>
            </span>
            {finding.ofFile?.length ? (
              <span className="caption block">
                In the catalog from this file:{" "}
                {finding.ofFile.map((ref) => (
                  <Link key={ref} className="link mr-2" href={entityHref(ref, "edit")}>
                    {ref}
                  </Link>
                ))}
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
