import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import type { Finding } from "@/lib/catalog/contract";

/** Says on an entity's page what is to be put right in its document. */
export function FindingsNotice({ findings, href }: { findings: Finding[]; href: string }) {
  const [first] = findings;
  if (!first) return null;
  return (
    <Notice
      tone="warning"
      action={
        <Link className="link nowrap" href={href}>
          {findings.length === 1 ? "Open definition" : `All ${findings.length}`}
        </Link>
      }
    >
      <span className="strong">{first.message}</span> {first.fix}
    </Notice>
  );
}
