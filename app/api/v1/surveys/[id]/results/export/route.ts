import { csvLine } from "@/lib/core/csv";
import { httpHandler } from "@/lib/core/http/route";
import { getResults } from "@/lib/surveys/queries";

const HEAD = ["group", "ref", "asked", "question", "answers", "answer", "count", "nps", "low", "high", "withheld", "k"];
const number = (value: number | null | undefined) => (value === null || value === undefined ? null : String(value));

/** The groups that one may see as a file: one line per answer, or one that says why a group is withheld. */
export const GET = httpHandler(async (_request, ctx, { id = "" }) => {
  const { survey, groups } = await getResults(ctx, { id });
  const lines = groups.flatMap(({ node, asked, cells, nps }) =>
    Object.values(cells).flatMap((cell) => {
      const common = [node.title, node.ref, String(asked), cell.item, number(cell.n)];
      const score = cell.item === "score" ? [number(nps?.value), number(nps?.low), number(nps?.high)] : [null, null, null];
      if (!cell.counts) return [csvLine([...common, cell.mostly, null, ...score, cell.state, String(cell.k)])];
      return Object.entries(cell.counts).map(([answer, count]) => csvLine([...common, answer, String(count), ...score, null, String(cell.k)]));
    }),
  );
  return new Response([csvLine(HEAD), ...lines].join(""), {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="survey-${survey.period}.csv"` },
  });
});
