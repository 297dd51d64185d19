import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { runs } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation, query } from "@/lib/core/operation";
import { findRepository } from "@/lib/repositories/queries";
import { startRun } from "@/lib/runs/enqueue";
import { readRun } from "@/lib/runs/read";
import { Repository } from "../event-rows";
import { requireTeams, teamsOfRows } from "../sender";
import { type HistoryRun, LoadHistoryInput } from "./contract";
import { ownerAndName } from "./place";
import { readList } from "./read-list";
import { historySteps, LOAD_HISTORY, LOAD_HISTORY_DEADLINE_MS } from "./run-load";

const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

export const loadHistory = mutation({
  name: "event.ingest",
  summary: "Load a service's past, as a run: commits from git, deployments from tags, a list or GitHub. With dryRun it only says what it would load. Repeatable.",
  input: LoadHistoryInput,
  subject: async (on, input, ctx) => {
    const repository = await repositoryOf(on, input);
    const { teams } = await teamsOfRows(on, [{ service: input.service }, { repository }], ctx);
    return { teamId: teams[0]?.teamId ?? null, repository, teams };
  },
  run: async (tx, input, ctx, { teamId, repository, teams }) => {
    requireTeams(ctx, "event.ingest", teams);
    await requireGithub(tx, { ...input, repository }, ctx);
    if (input.deployments === "list") readList(input.list ?? "");
    const asked = { ...input, repository };
    const run = newId("run");
    await startRun(tx, {
      id: run,
      kind: LOAD_HISTORY,
      title: `${input.dryRun ? "Look at" : "Load"} the history of ${input.service.split("/").at(-1)}`,
      input: asked,
      plan: historySteps(asked),
      deadlineMs: LOAD_HISTORY_DEADLINE_MS,
      requestedBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      teamId,
      entityRef: input.service,
      exclusiveKey: `history:${input.service}`,
      now: ctx.now,
    });
    return { run: await readRun(tx, run) };
  },
  audit: ({ service, source, deployments, dryRun }, _result, { repository }) => ({
    target: { type: "entity", id: service, label: service },
    detail: { change: dryRun ? "looked at history" : "loaded history", repository, source, deployments },
  }),
});

/** The name under which the commits are kept. Throws invalid where none can be told. */
async function repositoryOf(on: Connection, { source, service, repository, address = "" }: LoadHistoryInput): Promise<string> {
  if (source === "address") return repository ?? nameInAddress(address);
  if (source === "github" && !repository) throw invalid("repository", "Name the repository at GitHub as owner/name.");
  const found = repository ? await findRepository(on, ownerAndName(repository)) : await findRepository(on, { entityRef: service });
  if (source === "github") return repository ?? "";
  if (!found)
    throw invalid(
      repository ? "repository" : "service",
      repository ? `Waymark knows no repository ${repository}.` : "The service has no repository here. Name the address to clone from.",
    );
  return `${found.owner}/${found.name}`.toLowerCase();
}

function nameInAddress(address: string): string {
  const isPlain = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && !new URL(address).username && !new URL(address).password;
  if (!isPlain) throw invalid("address", "Write the address as https://host/owner/name, without a name or password.");
  const { pathname, hostname } = new URL(address);
  const parts = pathname.replace(/\/+$/, "").split("/").filter(Boolean);
  const parsed = Repository.safeParse(parts.length > 1 ? parts.join("/") : [hostname, ...parts].join("/"));
  if (!parsed.success) throw invalid("repository", "The address says no name. Name the repository as owner/name.");
  return parsed.data;
}

/** The connection to GitHub sees more than a person may: only what Waymark has as a team's own, or what a platform admin names. */
async function requireGithub(on: Connection, { source, deployments, repository }: LoadHistoryInput, ctx: Ctx): Promise<void> {
  if (source !== "github" && deployments !== "github") return;
  const found = await findRepository(on, ownerAndName(repository ?? ""));
  if (source === "known" && found?.provider !== "github") throw invalid("deployments", "The repository is not at GitHub. Name its tags, or give a list.");
  if (source === "address") throw invalid("source", "Deployments at GitHub are read through the connection. Choose the repository at GitHub as the source.");
  requireTeams(ctx, "event.ingest", [{ teamId: found?.teamId ?? null }]);
}

export const getHistoryRun = query({
  name: "event.ingest",
  summary: "What a run that loads history was asked, and how it ended.",
  input: z.strictObject({ run: z.string().max(64) }),
  subject: async (on, { run }) => {
    const [row] = await on.select().from(runs).where(eq(runs.id, run));
    if (row?.kind !== LOAD_HISTORY) throw new DomainError("not_found", "There is no such run.");
    return { teamId: row.teamId, row };
  },
  run: async (_on, _input, _ctx, { row }): Promise<HistoryRun> => {
    const { dryRun: _dryRun, ...asked } = row.input as z.input<typeof LoadHistoryInput>;
    return { run: { id: row.id, status: row.status, summary: row.outcome?.summary ?? null }, asked };
  },
});
