import type { Connection, Tx } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { can } from "@/lib/core/policy";
import type { PathTestRun } from "@/lib/golden-paths/contract";
import { insertTestRun } from "@/lib/golden-paths/mutations";
import { draftToTest, proposalToTest, readProposalScope, readProposalTeam, sentToTest, type TestedFiles, testedPath } from "@/lib/golden-paths/queries";
import { loadSettings } from "@/lib/platform/queries";
import type { Run } from "@/lib/runs/contract";
import { readRun } from "@/lib/runs/read";
import type { Environment } from "../contract";
import { insertSandbox } from "../create-environment";
import { readEnvironment } from "../read";
import { environmentName } from "../service-environment";
import { chooseTeam, memberTeams } from "../subject";
import { ttlMinutes } from "../ttl";
import { TestDraftInput, TestFolderInput, TestProposalInput } from "./contract";
import { readTestRun } from "./read";

type Started = { testRun: PathTestRun; environment: Environment; run: Run };

const audit = (_input: unknown, { testRun, environment, run }: Started) => ({
  target: { type: "golden-path", id: testRun.name, label: `test run of ${testRun.name}` },
  detail: { source: testRun.source, revision: testRun.revision, environment: environment.id, run: run.id },
});

export const testDraft = mutation({
  name: "golden-path.test",
  summary: "Try a draft in an environment that is thrown away: rendered with the given or sample answers, without a repository or a catalog entry. Answers at once with the run.",
  input: TestDraftInput,
  subject: (on, input, ctx) => teamSubject(on, input.team, ctx),
  run: async (tx, input, ctx, { team }) => start(tx, ctx, await draftToTest(tx, input, ctx), { ...input, team }),
  audit,
});

export const testProposal = mutation({
  name: "golden-path.test",
  summary: "Try a proposed change in an environment that is thrown away. It counts on the quota of the team that proposes.",
  input: TestProposalInput,
  subject: async (on, input, ctx) => {
    const scope = await readProposalScope(on, input.id);
    // Who may not read it learns nothing from the answer, as everywhere else.
    if (!can(ctx.actor, "golden-path.read-proposal", scope)) throw new DomainError("not_found", "There is no such proposal, or you may not see it.");
    const team = await readProposalTeam(on, input.id);
    return { teamId: team.id, team };
  },
  run: async (tx, input, ctx, { team }) => start(tx, ctx, await proposalToTest(tx, input, ctx), { ...input, team }),
  audit,
});

export const testFolder = mutation({
  name: "golden-path.test",
  summary: "Try the files of a golden path in an environment that is thrown away; the path is not kept.",
  input: TestFolderInput,
  subject: (on, input, ctx) => teamSubject(on, input.team, ctx),
  run: async (tx, input, ctx, { team }) => start(tx, ctx, sentToTest(input.files), { ...input, team }),
  audit,
});

/** A trial needs no thought about quotas: of several teams the first is taken unless one is named. */
async function teamSubject(on: Connection, asked: string | undefined, ctx: Ctx) {
  const [first] = asked === undefined && ctx.actor.type === "user" ? [...memberTeams(ctx.actor)].sort((a, b) => (a.name < b.name ? -1 : 1)) : [];
  const team = first ?? (await chooseTeam(on, asked, ctx));
  return { teamId: team.id, team };
}

interface Asked {
  team: { id: string; name: string };
  values: Record<string, unknown>;
  ttl: string;
}

async function start(tx: Tx, ctx: Ctx, tested: TestedFiles, { team, values: given, ttl }: Asked): Promise<Started> {
  if (ctx.actor.type !== "user") throw new DomainError("forbidden", "Only people start test runs.");
  const { path, values } = await testedPath(tx, tested, given, ctx);
  const minutes = ttlMinutes(ttl, await loadSettings(tx));
  const [id, testRunId] = [newId("environment", ctx.now.getTime()), newId("pathTestRun", ctx.now.getTime())];
  const run = { kind: "golden-path.test-run", title: `Test run of ${path.name}, ${WORDS[tested.source](tested.revision)}` };
  const name = environmentName(path.name, "test", id.slice(-4));
  const made = await insertSandbox(tx, ctx, {
    id,
    name,
    team,
    values,
    openValues: path.openAnswers(values),
    ttl: minutes,
    memoryMib: path.memoryMiB,
    driver: undefined,
    madeFrom: { testRunId },
    run,
  });
  await insertTestRun(tx, { ...tested, id: testRunId, environmentId: id, runId: made.runId, requestedBy: ctx.actor.id, now: ctx.now });
  return { testRun: await readTestRun(tx, testRunId), environment: await readEnvironment(tx, id), run: await readRun(tx, made.runId) };
}

const WORDS = {
  draft: (revision: number | null) => `draft revision ${revision}`,
  proposal: (revision: number | null) => `proposal revision ${revision}`,
  files: () => "files that were sent",
};
