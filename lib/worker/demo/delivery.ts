import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { settings, teams } from "@/db/schema";
import { type CommitFact, type DeploymentFact, type IncidentFact, recordCommits, recordDeployments, recordIncidents } from "@/lib/metrics/mutations";
import { COMMON_SUBJECTS, DEMO_SERVICES, type DemoService, UNLINKED } from "./delivery-plan";

/** Two years: the last one has one before it to be compared with. */
const WEEKS = 106;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Weeks of which staging and development are kept too. */
const LOWER_TIERS_WEEKS = 6;
const FAILS = 0.05;
const AUTHORS = ["Amal Adeyemi", "Bea Berg", "Chen Costa", "Dina Dahl", "Emil Endo", "Farah Ferreira", "Goran Garcia"];

interface History {
  commits: CommitFact[];
  deployments: DeploymentFact[];
  incidents: IncidentFact[];
}

/** Writes the demo company's past two years of delivery, once, through the same functions as live events. */
export async function seedDemoDelivery(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.delivery", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const ids = new Map((await tx.select().from(teams).where(eq(teams.isDemo, true))).map((team) => [team.name, team.id]));
  const histories = DEMO_SERVICES.map((service) => serviceHistory(service, ids.get(service.team) ?? null, now));
  const all = <T>(of: (history: History) => T[]) => histories.flatMap(of);
  await recordCommits(
    tx,
    all((history) => history.commits),
    now,
  );
  await recordDeployments(
    tx,
    all((history) => history.deployments),
    now,
  );
  await recordIncidents(
    tx,
    all((history) => history.incidents),
    now,
  );
}

/** Even numbers from 0 to 1, the same at every start. */
function randomOf(seed: string): () => number {
  let state = createHash("sha256").update(seed).digest().readUInt32BE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function serviceHistory(service: DemoService, teamId: string | null, now: Date): History {
  const random = randomOf(service.name);
  const monday = now.getTime() - (((now.getUTCDay() + 6) % 7) + WEEKS * 7) * DAY_MS;
  const writer = new Writer(service, teamId, random, monday);
  const first = Math.floor(monday / DAY_MS) * DAY_MS;
  for (let day = 0; first + day * DAY_MS < now.getTime(); day++) {
    const midnight = new Date(first + day * DAY_MS);
    const share = day / (WEEKS * 7);
    const quiet = isHoliday(midnight) ? 0.2 : 1;
    const between = ([from, to]: [number, number]) => from + (to - from) * share;
    if (midnight.getUTCDay() % 6 === 0 && random() > 0.02) continue;
    for (let left = (between(service.perWeek) / 5) * quiet; left > 0; left--) {
      if (left < 1 && random() > left) continue;
      const at = midnight.getTime() + (8 + random() * 8) * HOUR_MS;
      if (at + 2 * HOUR_MS < now.getTime()) writer.release(at, between(service.leadHours), now.getTime());
    }
  }
  return { ...writer.history, commits: writer.history.commits.filter((commit) => !isUnlinked(service.team, new Date(commit.committedAt), now)) };
}

function isUnlinked(team: string, at: Date, now: Date): boolean {
  const weeksAgo = Math.floor((now.getTime() - at.getTime()) / (7 * DAY_MS));
  return team === UNLINKED.team && UNLINKED.weeksAgo.includes(weeksAgo);
}

const isHoliday = (day: Date) => (day.getUTCMonth() === 11 && day.getUTCDate() > 19) || (day.getUTCMonth() === 0 && day.getUTCDate() < 4);

class Writer {
  readonly history: History = { commits: [], deployments: [], incidents: [] };
  private head: string | null = null;
  private running: string | null = null;
  private count = 0;

  constructor(
    private readonly service: DemoService,
    private readonly teamId: string | null,
    private readonly random: () => number,
    private readonly begun: number,
  ) {}

  private get repository(): string {
    return `fellside/${this.service.name}`;
  }

  private pick<T>(list: T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)];
  }

  /** One to three commits, then the deployment; now and then a try that fails first, or one that has to be taken back. */
  release(at: number, leadHours: number, now: number): void {
    const lastAt = this.history.deployments.at(-1)?.finishedAt.getTime() ?? 0;
    const finished = Math.max(at, lastAt + 20 * 60_000);
    for (let n = 1 + Math.floor(this.random() * 2.4); n > 0; n--) this.commit(finished - this.lead(leadHours) * HOUR_MS, finished);
    if (this.random() < 0.25) this.merge(finished - 30 * 60_000);
    const weeksAgo = Math.floor((now - finished) / (7 * DAY_MS));
    if (weeksAgo < LOWER_TIERS_WEEKS) {
      this.deploy(finished - 3 * HOUR_MS, { tier: "development" });
      this.deploy(finished - HOUR_MS, { tier: "staging" });
    }
    if (this.random() < 0.03) this.deploy(finished - 10 * 60_000, { status: "failure" });
    const before = this.running;
    const id = this.deploy(finished, {});
    if (before && this.random() < FAILS) this.takeBack(id, before, finished);
  }

  /** Log-normal around the median, at least a quarter of an hour. */
  private lead(medianHours: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    return Math.min(400, Math.max(0.25, medianHours * Math.exp(0.75 * normal)));
  }

  private sha(): string {
    return createHash("sha1")
      .update(`${this.service.name} ${++this.count}`)
      .digest("hex");
  }

  private add(sha: string, parents: string[], authored: number, committed: number, message: string): void {
    this.history.commits.push({
      sha,
      parents,
      repository: this.repository,
      service: `component:default/${this.service.name}`,
      authoredAt: new Date(authored),
      committedAt: new Date(committed),
      author: this.pick(AUTHORS) ?? "Amal Adeyemi",
      message,
      isDemo: true,
    });
  }

  private commit(authored: number, deployed: number): void {
    const sha = this.sha();
    const subject = this.random() < 0.55 ? this.pick(this.service.subjects) : this.pick(COMMON_SUBJECTS);
    this.add(
      sha,
      this.head ? [this.head] : [],
      authored,
      Math.min(authored + HOUR_MS, deployed - 20 * 60_000),
      `${subject ?? "Update dependencies"}${this.trailer(sha, authored)}`,
    );
    this.head = sha;
  }

  /** More and more changes say that AI helped: none at first, a third at the end of two years. */
  private trailer(sha: string, authored: number): string {
    const passed = (authored - this.begun) / (WEEKS * 7 * DAY_MS);
    return Number.parseInt(sha.slice(0, 2), 16) / 256 < passed / 3 ? "\n\nCo-Authored-By: Claude <noreply@anthropic.com>" : "";
  }

  private merge(at: number): void {
    const [last] = this.history.commits.slice(-1);
    if (!last?.parents[0]) return;
    const sha = this.sha();
    this.add(sha, [last.parents[0], last.sha], at, at, `Merge branch "${(last.message.split("\n")[0] ?? "").toLowerCase().replace(/\W+/g, "-").slice(0, 30)}"`);
    this.head = sha;
  }

  private deploy(
    at: number,
    { tier = "production", status = "success", commit = this.head, flags = [] }: Partial<Pick<DeploymentFact, "tier" | "status" | "flags">> & { commit?: string | null },
  ): string {
    const externalId = `demo-${this.service.name}-${tier}-${this.history.deployments.length + 1}`;
    this.history.deployments.push({
      externalId,
      service: `component:default/${this.service.name}`,
      environment: tier,
      tier,
      status,
      commit: commit ?? "",
      repository: this.repository,
      startedAt: new Date(at - (2 + this.random() * 4) * 60_000),
      finishedAt: new Date(at),
      flags,
      // The company moves to Waymark over the two years: one deployment in five at the beginning, three in four now.
      source: this.random() < 0.2 + (0.55 * (at - this.begun)) / (WEEKS * 7 * DAY_MS) ? "platform" : "github",
      isDemo: true,
      teamId: this.teamId,
    });
    if (tier === "production" && status === "success") this.running = commit;
    return externalId;
  }

  private takeBack(failed: string, before: string, at: number): void {
    const opened = at + (5 + this.random() * 30) * 60_000;
    const back = opened + (5 + this.random() * 25) * 60_000;
    this.deploy(back, { commit: before });
    this.history.incidents.push({
      externalId: `${failed}-incident`,
      service: `component:default/${this.service.name}`,
      title: this.pick(["Errors above one in a hundred", "Answers slower than two seconds", "Orders wait in the queue", "Wrong amounts on some receipts"]) ?? "Errors",
      severity: this.pick<IncidentFact["severity"]>(["critical", "high", "high", "medium"]) ?? "high",
      environment: "production",
      openedAt: new Date(opened),
      resolvedAt: new Date(back + (3 + this.random() * 40) * 60_000),
      causedBy: failed,
      source: "demo",
      isDemo: true,
      teamId: this.teamId,
    });
    this.commit(back + 20 * 60_000, back + 100 * 60_000);
    // The next release comes after the repair, however soon it was meant to.
    this.deploy(back + 100 * 60_000, { flags: ["hotfix"] });
  }
}
