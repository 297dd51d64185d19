import "server-only";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { scorecardCampaigns } from "@/db/schema";
import { EntityKey } from "@/lib/catalog/contract";
import { loadEntity } from "@/lib/catalog/queries";
import { authorize, query } from "@/lib/core/operation";
import { readCampaigns, readOwnCampaigns } from "./campaigns/read";
import {
  type Campaign,
  CHECK_STATES,
  type CheckState,
  type CheckSummary,
  type EntityScorecard,
  type LevelBadge,
  type LevelDrop,
  type OwnCampaign,
  type Preview,
  PreviewInput,
  ResultListInput,
  type ScorecardDetail,
  type ScorecardException,
  type ScorecardForEdit,
  ScorecardKey,
  ScorecardListInput,
  type ScorecardSummary,
} from "./contract";
import { storedDefinition } from "./evaluate";
import { readResults } from "./list-results";
import { readBadges, readDrops, readEntityScorecards } from "./of-entity";
import { previewDraft } from "./preview";
import { loadScorecard, readRevisions, readSummaries, readTrend } from "./read";
import { readExceptions } from "./read-exceptions";

export const listScorecards = query({
  name: "scorecard.read",
  summary: "Scorecards with how many entities are at each level, now and four weeks ago. Disabled ones with `scope=all`, for platform admins.",
  input: ScorecardListInput,
  subject: () => null,
  run: async (on, { scope }, ctx): Promise<{ items: ScorecardSummary[]; nextCursor: null; total: number }> => {
    if (scope === "all") authorize(ctx, "scorecard.edit", null);
    const items = (await readSummaries(on, ctx.now)).filter(({ isEnabled }) => isEnabled || scope === "all");
    return { items, nextCursor: null, total: items.length };
  },
});

export const getScorecard = query({
  name: "scorecard.read",
  summary: "One scorecard: levels, checks with how many pass, its trend, and the exceptions that hold.",
  input: ScorecardKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<ScorecardDetail> => {
    const row = await loadScorecard(on, name);
    const definition = storedDefinition(row.definition);
    const [summaries, states, trend, exceptions, [facts]] = await Promise.all([
      readSummaries(on, ctx.now),
      on.execute<{ check: string; state: CheckState; n: number }>(
        sql`select check_id as "check", state, count(*)::int as n from scorecard_results where scorecard_id = ${row.id} group by 1, 2`,
      ),
      readTrend(on, row.id, definition.levels.length, ctx.now),
      readExceptions(on, ctx.actor, ctx.now, sql`x.scorecard_id = ${row.id}`),
      on.execute<{ at: string | null }>(sql`select max(evaluated_at) as at from scorecards`),
    ]);
    const summary = summaries.find((one) => one.name === row.name);
    if (!summary) throw new Error("a scorecard has no summary");
    const checks = definition.checks.map((check): CheckSummary => {
      const counts = Object.fromEntries(CHECK_STATES.map((state) => [state, states.find((one) => one.check === check.id && one.state === state)?.n ?? 0]));
      return { ...check, counts: counts as Record<CheckState, number> };
    });
    return { ...summary, checks, trend, exceptions, factsAt: facts?.at ? new Date(facts.at).toISOString() : null };
  },
});

export const listResults = query({
  name: "scorecard.read",
  summary: "Entities that a scorecard applies to by name, each with its level and what is in the way of the next. Filter by team, level, or a check that does not pass.",
  input: ResultListInput,
  subject: () => null,
  run: async (on, input) => readResults(on, await loadScorecard(on, input.name), input),
});

export const listEntityScorecards = query({
  name: "scorecard.read",
  summary: "How an entity stands to each scorecard that applies to it: level, each check with what was observed and when, and the next step.",
  input: EntityKey,
  subject: () => null,
  run: async (on, { kind, namespace, name }, ctx): Promise<{ items: EntityScorecard[]; nextCursor: null; total: number }> => {
    const entity = await loadEntity(on, `${kind}:${namespace}/${name}`);
    const items = await readEntityScorecards(on, ctx, entity);
    return { items, nextCursor: null, total: items.length };
  },
});

export const listCampaigns = query({
  name: "scorecard.read",
  summary: "Campaigns of a scorecard with how far each team is: open ones first, those that end soonest first.",
  input: ScorecardKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<{ items: Campaign[]; nextCursor: null; total: number }> => {
    const items = await readCampaigns(on, ctx.now, eq(scorecardCampaigns.scorecardId, (await loadScorecard(on, name)).id));
    return { items, nextCursor: null, total: items.length };
  },
});

export const listOwnCampaigns = query({
  name: "scorecard.read",
  summary: "Open campaigns that wait for entities of your own teams.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on, _input, ctx): Promise<OwnCampaign[]> => readOwnCampaigns(on, ctx),
});

export const listBadges = query({
  name: "scorecard.read",
  summary: "The levels of several entities.",
  input: z.strictObject({ refs: z.array(z.string().max(200)).max(500) }),
  subject: () => null,
  run: (on, { refs }): Promise<Record<string, LevelBadge[]>> => readBadges(on, refs),
});

export const listDrops = query({
  name: "scorecard.read",
  summary: "Entities of your own teams whose level fell in the last seven days.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on, _input, ctx): Promise<LevelDrop[]> => readDrops(on, ctx),
});

export const listExceptions = query({
  name: "scorecard.read",
  summary: "Exceptions of a scorecard that hold now, those that end first first.",
  input: ScorecardKey,
  subject: () => null,
  run: async (on, { name }, ctx): Promise<{ items: ScorecardException[]; nextCursor: null; total: number }> => {
    const { id } = await loadScorecard(on, name);
    const items = await readExceptions(on, ctx.actor, ctx.now, sql`x.scorecard_id = ${id}`);
    return { items, nextCursor: null, total: items.length };
  },
});

export const previewScorecard = query({
  name: "scorecard.edit",
  summary: "What a draft would say of the entities that it applies to, and what is wrong with its conditions. Nothing is changed.",
  input: PreviewInput,
  subject: () => null,
  run: (on, draft): Promise<Preview> => previewDraft(on, draft),
});

export const getScorecardForEdit = query({
  name: "scorecard.edit",
  summary: "A scorecard as its editors see it, with its earlier revisions.",
  input: ScorecardKey,
  subject: () => null,
  run: async (on, { name }): Promise<ScorecardForEdit> => {
    const row = await loadScorecard(on, name);
    return {
      name: row.name,
      definition: storedDefinition(row.definition),
      revision: row.revision,
      isEnabled: row.isEnabled,
      updatedAt: row.updatedAt.toISOString(),
      revisions: await readRevisions(on, row.id),
    };
  },
});

export type { FactSource } from "./facts/source";
