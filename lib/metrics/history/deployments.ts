import { createHash } from "node:crypto";
import { listTags } from "@/lib/git/history";
import { SHA } from "@/lib/git/names";
import { findCommit } from "@/lib/git/read";
import { listRefs } from "@/lib/git/refs";
import { StepFailure } from "@/lib/runs/engine/types";
import type { DeploymentFact } from "../facts";
import { matcherOf, tierBy } from "../rules";
import type { Rules } from "../rules-shape";
import type { ListedDeployment, LoadHistoryInput } from "./contract";
import { readList } from "./read-list";

/** Deployments with a name for the log; `unknown` are listed commits that the repository does not have. */
export interface FoundDeployments {
  facts: (DeploymentFact & { label: string })[];
  unknown: string[];
}

/** The deployments that tags or the list tell of, the oldest first; always the same for the same repository and input. Throws StepFailure. */
export async function findDeployments(dir: string, input: LoadHistoryInput, rules: Rules): Promise<FoundDeployments> {
  const found = input.deployments === "tags" ? await byTags(dir, input, rules) : await byList(dir, input, rules);
  const since = input.since ? Date.parse(input.since) : Number.NEGATIVE_INFINITY;
  const facts = found.facts.filter((fact) => fact.finishedAt.getTime() >= since).sort((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime());
  if (facts.length > 0) return { ...found, facts };
  const cause = input.since && found.facts.length ? `All ${found.facts.length} deployments are from before ${input.since}.` : await noTag(dir, input);
  throw new StepFailure({ causeCode: "no-deployments", cause, whoCanFix: "you", nextAction: "Name other tags or an earlier day, then start again." });
}

async function noTag(dir: string, { tags }: LoadHistoryInput): Promise<string> {
  const names = (await listTags(dir)).map((tag) => tag.name);
  return names.length ? `No tag fits ${tags.join(", ")}. There are ${names.length} tags, the latest: ${names.slice(-5).join(", ")}.` : "The repository has no tags.";
}

const base = ({ service, repository = "" }: LoadHistoryInput) => ({ service, repository, source: "history" as const });

async function byTags(dir: string, input: LoadHistoryInput, rules: Rules): Promise<FoundDeployments> {
  const wanted = matcherOf(input.tags.filter((one) => !one.startsWith("!")));
  const unwanted = matcherOf(input.tags.flatMap((one) => (one.startsWith("!") ? [one.slice(1)] : [])));
  const tags = (await listTags(dir)).filter(({ name }) => wanted(name) && !unwanted(name));
  const tier = tierBy(rules, input.environment);
  const facts = tags.map(({ name, commit, at }) => {
    const finishedAt = new Date(at);
    return {
      ...base(input),
      label: name,
      externalId: `tag-${name}`.slice(0, 200),
      environment: input.environment,
      tier,
      status: "success" as const,
      commit,
      startedAt: finishedAt,
      finishedAt,
    };
  });
  return { facts, unknown: [] };
}

async function byList(dir: string, input: LoadHistoryInput, rules: Rules): Promise<FoundDeployments> {
  const rows = readList(input.list ?? "");
  const commitOf = await resolver(dir);
  const unknown: string[] = [];
  const facts: FoundDeployments["facts"] = [];
  for (const row of rows) {
    const commit = await commitOf(row.commit);
    if (!commit) unknown.push(row.commit);
    // A hash that the repository lacks is a deployment all the same: the figures say that its commits are unknown.
    if (commit || SHA.test(row.commit)) facts.push({ ...base(input), ...factOf(row, input, rules), commit: commit ?? row.commit });
  }
  return { facts, unknown };
}

function factOf(row: ListedDeployment, input: LoadHistoryInput, rules: Rules) {
  const environment = row.environment ?? input.environment;
  // Without an id of the sender's, what it is makes its identity: the same list again changes nothing.
  const identity = createHash("sha1").update(`${environment} ${row.commit} ${row.finished_at.toISOString()}`).digest("hex");
  return {
    label: row.commit,
    externalId: row.external_id ?? `list-${identity.slice(0, 20)}`,
    environment,
    tier: row.tier ?? tierBy(rules, environment),
    status: row.status,
    startedAt: row.started_at ?? row.finished_at,
    finishedAt: row.finished_at,
    releaseId: row.release_id,
    remediates: row.remediates,
    flags: row.flags,
  };
}

/** Looks names up once: a list may hold thousands. */
async function resolver(dir: string): Promise<(ref: string) => Promise<string | null>> {
  const refs = new Map((await listRefs(dir)).flatMap(({ name, commit }) => [[name, commit] as const, [name.replace(/^refs\/(heads|tags)\//, ""), commit] as const]));
  const known = new Map<string, string | null>();
  return async (ref) => {
    if (!known.has(ref)) known.set(ref, refs.get(ref) ?? (await findCommit(dir, ref.toLowerCase())));
    return known.get(ref) ?? null;
  };
}
