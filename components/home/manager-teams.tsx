import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { span } from "@/lib/core/format";

interface Figure {
  value: number | null;
  n: number;
  insufficient?: string;
  low?: number | null;
  high?: number | null;
  responseRate?: number;
  verdict?: "better" | "worse" | "within-chance";
}

export interface TeamFigures {
  name: string;
  title: string;
  ref: string;
  isDivision: boolean;
  leadTime: Figure | null;
  frequency: Figure | null;
  nps: Figure | null;
}

const VERDICTS = { better: { tone: "t-success", word: "better" }, worse: { tone: "t-danger", word: "worse" }, "within-chance": { tone: "muted", word: "" } };
const signed = (value: number) => (value > 0 ? `+${value}` : value < 0 ? `−${Math.abs(value)}` : "0");

function Cell({ figure, children }: { figure: Figure | null; children: (value: number) => string }) {
  if (!figure) return <span className="muted">Did not load</span>;
  if (figure.value === null) {
    return (
      <span className="muted" title={figure.insufficient}>
        — <span className="sr">{figure.insufficient}</span>
      </span>
    );
  }
  const verdict = figure.verdict ? VERDICTS[figure.verdict] : null;
  return (
    <span>
      {children(figure.value)} {verdict?.word ? <span className={`caption ${verdict.tone}`}>{verdict.word}</span> : null}
    </span>
  );
}

/** The three numbers of each team that the person manages. Every number leads to where it comes from. */
export function ManagerTeams({ teams, data }: { teams: TeamFigures[]; data: string }) {
  const rows = teams.map((team) => ({
    key: team.ref,
    cells: {
      team: (
        <Link className={team.isDivision ? "name" : "pl-4"} href={`/teams/${team.name}`}>
          {team.title}
        </Link>
      ),
      lead: <Cell figure={team.leadTime}>{(seconds) => span(seconds * 1_000)}</Cell>,
      frequency: <Cell figure={team.frequency}>{(perDay) => `${(perDay * 7).toFixed(1)} a week`}</Cell>,
      nps: <Cell figure={team.nps}>{signed}</Cell>,
      response: team.nps?.responseRate === undefined ? undefined : `${Math.round(team.nps.responseRate * 100)} %`,
    },
  }));
  const columns = [
    { key: "team", title: "Team" },
    { key: "lead", title: "Lead time, median", align: "end" as const },
    { key: "frequency", title: "Deployments", align: "end" as const },
    { key: "nps", title: "NPS", align: "end" as const },
    { key: "response", title: "Answered", align: "end" as const },
  ];
  return <Table caption="My teams" columns={columns} rows={rows} foot={<span>Last 90 days to production; the last survey. {data}</span>} />;
}
