import { z } from "zod";
import { listActions } from "@/lib/actions/queries";
import { entityHref, kindWord, refName } from "@/lib/catalog/contract";
import { listEntities, listStars } from "@/lib/catalog/queries";
import { httpHandler } from "@/lib/core/http/route";
import { parseInput, requirePerson } from "@/lib/core/operation";
import { listEnvironments } from "@/lib/environments/queries";
import { listGoldenPaths } from "@/lib/golden-paths/queries";
import { listRepositories } from "@/lib/repositories/queries";
import { searchRuns } from "@/lib/runs/queries";
import { listScorecards } from "@/lib/scorecards/queries";

const SearchInput = z.strictObject({ q: z.string().trim().min(1, "Say what to look for.").max(100) });
const PER_KIND = 5;

const holdsAll = (text: string, words: string[]) => words.every((word) => text.toLowerCase().includes(word));

export const GET = httpHandler(async (request, ctx) => {
  requirePerson(ctx);
  const { q } = parseInput(SearchInput, Object.fromEntries(new URL(request.url).searchParams));
  const wanted = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [q];
  const [entities, environments, paths, actions, runs, repositories, stars, scorecards] = await Promise.all([
    listEntities(ctx, { q, limit: PER_KIND * 2 }),
    listEnvironments(ctx, { q, limit: PER_KIND }),
    listGoldenPaths(ctx, {}),
    listActions(ctx, { q }),
    searchRuns(ctx, { q, limit: PER_KIND }),
    listRepositories(ctx, { q, limit: PER_KIND }),
    listStars(ctx, {}),
    listScorecards(ctx, {}),
  ]);
  const starred = new Set(stars.items);
  const items = [
    ...[...entities.items]
      .sort((a, b) => Number(starred.has(b.ref)) - Number(starred.has(a.ref)))
      .map((one) => ({
        kind: "entity",
        title: one.title,
        detail: [one.type ?? kindWord(one.kind), ...(one.ownerRef ? [`owned by ${refName(one.ownerRef)}`] : [])].join(", "),
        href: entityHref(one.ref),
      })),
    ...environments.items.map((one) => ({ kind: "environment", title: one.name, detail: `${one.status}, team ${one.team.split("/").at(-1)}`, href: `/environments/${one.id}` })),
    ...paths.items
      .filter((path) => holdsAll(`${path.name} ${path.title} ${path.description}`, wanted))
      .slice(0, PER_KIND)
      .map((path) => ({ kind: "golden-path", title: path.name, detail: path.title, href: `/golden-paths/${path.name}` })),
    ...actions.items
      .slice(0, PER_KIND)
      .map((one) => ({ kind: "action", title: one.title, detail: one.locked ? `Only for ${one.locked}` : "Run action", href: `/actions/${one.name}` })),
    ...scorecards.items
      .filter(({ name, title }) => holdsAll(`${name} ${title}`, wanted))
      .slice(0, PER_KIND)
      .map((one) => ({ kind: "scorecard", title: one.title, detail: "Scorecard", href: `/scorecards/${one.name}` })),
    ...repositories.items.map((one) => ({
      kind: "repository",
      title: `${one.owner}/${one.name}`,
      detail: one.description || "Repository",
      href: `/repositories/${one.owner}/${one.name}`,
    })),
    ...runs.items.map((run) => ({ kind: "run", title: run.title, detail: run.status, href: `/runs/${run.id}` })),
  ];
  return Response.json({ items, nextCursor: null, total: items.length });
});
