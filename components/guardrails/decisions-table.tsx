import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { GuardrailDecision } from "@/lib/guardrails/contract";
import { ABILITY_SHORT, CHANNEL_WORDS } from "./words";

const nameOf = ({ document, ability }: GuardrailDecision): string => {
  const request = (document.request ?? {}) as Record<string, unknown>;
  const name = request.name ?? request.action ?? request.goldenPath;
  return typeof name === "string" && name ? name : ABILITY_SHORT[ability];
};

/** Requests that guardrails were asked about. */
export function DecisionsTable({
  items,
  now,
  hrefOf,
  selected,
  empty,
  foot,
}: {
  items: GuardrailDecision[];
  now: string;
  hrefOf: (id: string) => string;
  selected: string | null;
  empty: ReactNode;
  foot?: ReactNode;
}) {
  const columns = [
    { key: "what", title: "Request" },
    { key: "outcome", title: "Outcome" },
    { key: "said", title: "What was said" },
    { key: "who", title: "Who", className: "desk-cell" },
    { key: "at", title: "When" },
  ];
  const rows = items.map((one) => {
    const spoke = one.results.filter(({ verdict }) => verdict !== "passes");
    return {
      key: one.id,
      selected: one.id === selected,
      cells: {
        what: (
          <span className="block">
            <Link className="name" href={hrefOf(one.id)} scroll={false}>
              {nameOf(one)}
            </Link>
            <span className="muted block">
              {ABILITY_SHORT[one.ability]}
              {one.stage === "effect" ? ", asked again before it began" : ""}
            </span>
          </span>
        ),
        said: spoke.length ? (
          spoke.map(({ title }) => title).join(", ")
        ) : (
          <span className="muted">{one.results.length ? `All ${one.results.length} pass` : "Nothing watched it"}</span>
        ),
        who: `${one.actor}, ${one.team?.split("/").at(-1) ?? "no team"}, ${CHANNEL_WORDS[one.channel] ?? one.channel}`,
        at: <Time at={one.at} now={now} />,
        outcome: <Status value={one.outcome} />,
      },
    };
  });
  return <Table twoLines caption="Requests" columns={columns} rows={rows} empty={empty} foot={foot} />;
}
