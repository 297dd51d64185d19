import "server-only";
import { listActions } from "@/lib/actions/queries";
import { entityHref, kindWord, refName } from "@/lib/catalog/contract";
import { listEntities, listStars } from "@/lib/catalog/queries";
import type { Ctx } from "@/lib/core/ctx";
import { query } from "@/lib/core/operation";
import { listEnvironments } from "@/lib/environments/queries";
import { listGoldenPaths } from "@/lib/golden-paths/queries";
import { listRepositories } from "@/lib/repositories/queries";
import { searchRuns } from "@/lib/runs/queries";
import { listScorecards } from "@/lib/scorecards/queries";
import { SearchInput, type SearchItem } from "./contract";

const PER_KIND = 5;

const holdsAll = (text: string, words: string[]) => words.every((word) => text.toLowerCase().includes(word));

export const searchEverything = query({
  name: "search",
  summary: "Entities, environments, golden paths, actions, scorecards, repositories and runs that match a text.",
  input: SearchInput,
  subject: () => null,
  run: async (_on, { q }, ctx): Promise<{ items: SearchItem[]; nextCursor: null; total: number }> => {
    const items = await found(ctx, q);
    return { items, nextCursor: null, total: items.length };
  },
});

async function found(ctx: Ctx, q: string): Promise<SearchItem[]> {
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
  return [
    ...[...entities.items]
      .sort((a, b) => Number(starred.has(b.ref)) - Number(starred.has(a.ref)))
      .map((one) => ({
        kind: "entity" as const,
        id: one.ref,
        title: one.title,
        detail: [one.type ?? kindWord(one.kind), ...(one.ownerRef ? [`owned by ${refName(one.ownerRef)}`] : [])].join(", "),
        href: entityHref(one.ref),
      })),
    ...environments.items.map(({ id, name, status, team }) => ({
      kind: "environment" as const,
      id,
      title: name,
      detail: `${status}, team ${team.split("/").at(-1)}`,
      href: `/environments/${id}`,
    })),
    ...paths.items
      .filter((path) => holdsAll(`${path.name} ${path.title} ${path.description}`, wanted))
      .slice(0, PER_KIND)
      .map(({ name, title }) => ({ kind: "golden-path" as const, id: name, title: name, detail: title, href: `/golden-paths/${name}` })),
    ...actions.items
      .slice(0, PER_KIND)
      .map(({ name, title, locked }) => ({ kind: "action" as const, id: name, title, detail: locked ? `Only for ${locked}` : "Run action", href: `/actions/${name}` })),
    ...scorecards.items
      .filter(({ name, title }) => holdsAll(`${name} ${title}`, wanted))
      .slice(0, PER_KIND)
      .map(({ name, title }) => ({ kind: "scorecard" as const, id: name, title, detail: "Scorecard", href: `/scorecards/${name}` })),
    ...repositories.items.map(({ owner, name, description }) => ({
      kind: "repository" as const,
      id: `${owner}/${name}`,
      title: `${owner}/${name}`,
      detail: description || "Repository",
      href: `/repositories/${owner}/${name}`,
    })),
    ...runs.items.map(({ id, title, status }) => ({ kind: "run" as const, id, title, detail: status, href: `/runs/${id}` })),
  ];
}
