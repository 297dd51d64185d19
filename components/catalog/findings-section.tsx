import type { ReactNode } from "react";
import { SectionHead } from "@/components/ui/page-head";
import type { Finding } from "@/lib/catalog/contract";
import { FindingList } from "./finding-list";

interface Props {
  title: string;
  findings: Finding[];
  /** Beside the title instead of how many there are. */
  aside?: ReactNode;
  refused?: boolean;
  linked?: boolean;
}

/** Findings under a title; nothing where there are none. */
export function FindingsSection({ title, findings, aside, ...list }: Props) {
  if (findings.length === 0) return null;
  return (
    <section>
      <SectionHead title={title} aside={aside ?? String(findings.length)} />
      <FindingList findings={findings} {...list} />
    </section>
  );
}
