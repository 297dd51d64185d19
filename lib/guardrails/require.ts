import { and, desc, eq } from "drizzle-orm";
import { type Connection, db, type Tx } from "@/db/client";
import { guardrailDecisions, runSteps, teams } from "@/db/schema";
import { type Channel, type Ctx, channelOf, systemCtx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { RefusedByRules } from "@/lib/core/errors";
import { type EngineRun, type StepContext, StepFailure } from "@/lib/runs/engine/types";
import { evaluate } from "./conditions";
import type { Ability, Document, GuardrailReport, GuardrailWarning } from "./contract";
import { fieldErrors, sentenceOf, warningsOf } from "./decide";
import { insertDecision } from "./decisions";
import { type Asked, actorNow, documentOf, momentOf, readTeam } from "./document";
import { isRemotelyWatched, type Remote, remoteResults, withRemote } from "./opa/remote";
import { isWatched, rulesFor, rulesInForce } from "./rules";

/** What came of asking: warnings to show, and the decision, to be tied to what is made. */
export interface LetThrough {
  warnings: GuardrailWarning[];
  decisionId: string;
}

/**
 * Asks every guardrail that watches the ability, in the transaction of the change, and keeps what they saw and said.
 * `remote` is what a policy agent said before the transaction began. Throws forbidden with all refusals, each beside its field.
 */
export async function requireGuardrails<A extends Ability>(tx: Tx, ctx: Ctx, asked: Asked<A>, remote: Remote = []): Promise<LetThrough> {
  // What is counted of a team is counted one request after the other, as its quota is.
  if (asked.ability === "environment.create" && asked.teamId) await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, asked.teamId)).for("update");
  const { document, report: own } = await ask(tx, ctx, asked, "submit");
  const report = withRemote(own, remote);
  const decision = {
    ability: asked.ability,
    at: ctx.now,
    stage: "submit" as const,
    channel: channelOf(ctx),
    actorId: ctx.actor.type === "user" ? ctx.actor.id : (asked.onBehalfOf ?? null),
    actorLabel: ctx.actor.type === "user" ? ctx.actor.handle : ctx.actor.type === "system" ? ctx.actor.name : "nobody",
    teamId: asked.teamId,
    requestId: ctx.requestId,
    document,
    report,
  };
  const refused = report.results.filter(({ verdict }) => verdict === "refuses");
  if (refused.length > 0)
    throw new RefusedByRules(refused.map(sentenceOf).join("\n"), {
      fields: fieldErrors(report.results),
      rules: refused.map(({ name }) => name),
      teamId: asked.teamId,
      remember: async () => {
        await insertDecision(db(), decision);
      },
    });
  return { warnings: warningsOf(report.results), decisionId: await insertDecision(tx, decision) };
}

/** What guardrails would say of a request that is still being written. Nothing is kept. */
export async function askEarly<A extends Ability>(on: Connection, ctx: Ctx, asked: Asked<A>): Promise<GuardrailReport> {
  const { document, report } = await ask(on, ctx, asked, "early");
  return withRemote(report, await remoteResults(on, asked.ability, document));
}

async function ask(on: Connection, ctx: Ctx, asked: Asked, when: "early" | "submit"): Promise<{ document: Document; report: GuardrailReport }> {
  const [{ document, teamRef }, inForce] = await Promise.all([documentOf(on, ctx, asked), rulesInForce(on, asked.ability, asked.teamId, ctx.now)]);
  const rules = rulesFor(inForce, teamRef);
  return { document, report: await evaluate(rules, asked.ability, document, when) };
}

/** Ties a decision to what came of it, so that it can be asked again before the effect, and found from there. */
export async function tieDecision(tx: Tx, { decisionId }: LetThrough, to: { subjectId: string; runId?: string }): Promise<void> {
  await tx
    .update(guardrailDecisions)
    .set({ subjectId: to.subjectId, ...(to.runId ? { runId: to.runId } : {}) })
    .where(eq(guardrailDecisions.id, decisionId));
}

interface About {
  ability: Ability;
  /** As the decision was tied. */
  subjectId: string;
  /** Steps of the run that change nothing outside. */
  harmless: string[];
}

/** The step in which a run asks its guardrails again, and does `body`. A worker that takes over asks too, while nothing is done yet. */
export async function checkStep(run: EngineRun, about: About, body: (step: StepContext) => Promise<void>): Promise<void> {
  let isAsked = false;
  await run.step("check", async (step) => {
    await guardEffect(run, about, step.log);
    isAsked = true;
    await body(step);
  });
  if (!isAsked) await guardEffect(run, about, run.log);
}

/**
 * Asks again just before something is done, by the rules and the state of now: time has passed since the request. In a run whose effects
 * have begun it is asked once per attempt, so that nothing is left half done. Throws StepFailure.
 */
export async function guardEffect(run: EngineRun, about: About, log: EngineRun["log"] = run.log): Promise<void> {
  const [[asked], ...watched] = await Promise.all([
    db()
      .select()
      .from(guardrailDecisions)
      .where(and(eq(guardrailDecisions.subjectId, about.subjectId), eq(guardrailDecisions.ability, about.ability), eq(guardrailDecisions.stage, "submit")))
      .orderBy(desc(guardrailDecisions.at))
      .limit(1),
    isWatched(db(), about.ability),
    isRemotelyWatched(db(), about.ability),
  ]);
  if (!asked || ((await hasBegun(run, about)) && (await wasAsked(run)))) return;
  const before = asked.document as unknown as Document;
  const { actorId, actorLabel, teamId, requestId, subjectId } = asked;
  const kept = {
    ability: about.ability,
    stage: "effect" as const,
    channel: asked.channel as Channel,
    actorId,
    actorLabel,
    teamId,
    requestId,
    subjectId,
    runId: run.runId,
    runAttempt: run.attempt,
  };
  // Where nobody watches, it is noted that it was asked, and nothing else need be known.
  if (!watched.some(Boolean)) {
    const report: GuardrailReport = { ability: about.ability, outcome: "allowed", results: [] };
    await run.commit((tx) => insertDecision(tx, { ...kept, at: run.now, document: before, report }));
    return;
  }
  const { now } = await systemCtx("guardrails");
  const [team, actor, inForce] = await Promise.all([
    readTeam(db(), asked.teamId, about.ability === "environment.create" ? about.subjectId : null),
    actorNow(db(), asked.actorId, asked.teamId),
    rulesInForce(db(), about.ability, asked.teamId, now),
  ]);
  const document: Document = { ...before, team: team.facts, actor, now: momentOf(now, env().timeZone) };
  const rules = rulesFor(inForce, team.ref);
  const report = withRemote(await evaluate(rules, about.ability, document, "submit"), await remoteResults(db(), about.ability, document));
  await run.commit((tx) => insertDecision(tx, { ...kept, at: now, document, report }));
  for (const warning of warningsOf(report.results)) log(sentenceOf(warning), "warn");
  const refused = report.results.filter(({ verdict }) => verdict === "refuses");
  const [first] = refused;
  if (!first) return;
  throw new StepFailure({
    causeCode: "guardrail",
    cause: refused.map(({ title, message }) => `${title}: ${message}`).join(" "),
    whoCanFix: refused.some(({ undecided }) => undecided) ? "platform-team" : "you",
    nextAction: refused.map(({ fix }) => fix).join(" "),
    // What a policy agent refuses has no page here.
    evidence: refused.filter(({ name }) => name !== "opa").map(({ name, title }) => ({ title: `Guardrail: ${title}`, url: `/guardrails/${name}` })),
  });
}

/** A step that reaches outside has been begun, whether or not anything came of it. */
async function hasBegun(run: EngineRun, { harmless }: About): Promise<boolean> {
  const steps = await db().select({ name: runSteps.name, attempt: runSteps.attempt }).from(runSteps).where(eq(runSteps.runId, run.runId));
  return steps.some(({ name, attempt }) => attempt > 0 && !harmless.includes(name));
}

async function wasAsked(run: EngineRun): Promise<boolean> {
  const [found] = await db()
    .select({ id: guardrailDecisions.id })
    .from(guardrailDecisions)
    .where(and(eq(guardrailDecisions.runId, run.runId), eq(guardrailDecisions.stage, "effect"), eq(guardrailDecisions.runAttempt, run.attempt)))
    .limit(1);
  return found !== undefined;
}
