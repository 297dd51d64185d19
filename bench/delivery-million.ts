import postgres from "postgres";
import { closeDatabase, db, openDatabase, type Tx } from "../db/client";
import { rollUpDays, rollUpService } from "../lib/metrics/rollup";
import { followTree, markDays } from "../lib/metrics/tree";
import { hostEnv } from "../scripts/launcher/host-env.mjs";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// Reading at the size of two to three years of 5,000 engineers: 1,000,000 deployments with 10,000,000 changes of 2,000 services, 600 teams
// in 10 divisions. The facts are made in the database; everything that pages read is then worked out by the product's own roll-up.
// For comparison the same weekly medians straight from the rows. BENCH_DEPLOYMENTS makes it smaller.

const DEPLOYMENTS = Number(process.env.BENCH_DEPLOYMENTS ?? 1_000_000);
const PER_DEPLOYMENT = 10;
const DIVISIONS = 10;
const TEAMS = 600;
const SERVICES = 2_000;
const PARTS = 20;
const ROUNDS = 40;

const portal = await benchPortal();
const pat = portal.token("pat", "read,admin");
const url = hostEnv(portal.dataDir).DATABASE_URL ?? "";
const sql = postgres(url, { max: 2, onnotice: () => {}, connection: { statement_timeout: 0 } });
openDatabase(url, { max: 2 });

async function makeFacts(): Promise<void> {
  await sql`insert into teams (id, ref, name, title) select 'tea_d' || n, 'group:default/division-' || n, 'division-' || n, 'Division ' || n from generate_series(0, ${DIVISIONS - 1}) n`;
  await sql`insert into teams (id, ref, name, title, parent_id) select 'tea_t' || n, 'group:default/team-' || n, 'team-' || n, 'Team ' || n, 'tea_d' || n % ${DIVISIONS} from generate_series(0, ${TEAMS - 1}) n`;
  const indexes = await sql<{ indexname: string; indexdef: string }[]>`
    select indexname, indexdef from pg_indexes where tablename in ('delivery_changes', 'delivery_deployments') and indexdef not like '%UNIQUE%'`;
  for (const { indexname } of indexes) await sql.unsafe(`drop index ${indexname}`);
  const each = DEPLOYMENTS / PARTS;
  for (let part = 0; part < PARTS; part++) {
    // The square of an even number makes some services much busier than others.
    await sql`
      insert into delivery_deployments (id, service, environment, external_id, tier, status, repository, commit, started_at, finished_at, team_id, source, received_at, day, kind, attribution, changes, is_rework, caused_failure)
      select 'dep_b' || n, 'component:default/bench-' || s, 'production', n::text, 'production', case when n % 33 = 0 then 'failure' else 'success' end, 'bench/bench-' || s, md5(n::text), at, at,
        'tea_t' || s % ${TEAMS}, 'api', now(), at::date, 'forward', 'complete', case when n % 33 = 0 then 0 else ${PER_DEPLOYMENT} end, n % 21 = 0, n % 17 = 0 and n % 33 <> 0
      from generate_series(${part * each}::int, ${(part + 1) * each - 1}::int) n,
        lateral (select floor(${SERVICES} * power((n::bigint * 7919 % 10007) / 10007.0, 1.6))::int as s, now() - (n::bigint * 104729 % 31536000) * interval '1 second' as at) x`;
    await sql`
      insert into delivery_changes (service, is_demo, repository, sha, deployment_id, deployed_at, counted, team_id, day, lead_seconds, raw_lead_seconds)
      select d.service, false, d.repository, d.commit || lpad(c::text, 8, '0'), d.id, d.finished_at, true, d.team_id, d.day, l, l
      from delivery_deployments d, generate_series(1, ${PER_DEPLOYMENT}) c, lateral (select (60 + exp(8 + 4 * ((hashtext(d.id || c) & 65535) / 65536.0)))::int as l) x
      where d.id = any(select 'dep_b' || n from generate_series(${part * each}::int, ${(part + 1) * each - 1}::int) n) and d.status = 'success'`;
    // Every tenth change has its commit: enough to tell how many people a group has.
    await sql`
      insert into delivery_commits (repository, sha, parents, service, authored_at, committed_at, author, subject, received_at)
      select d.repository, d.commit || '00000001', '{}', d.service, d.finished_at, d.finished_at, 'Author ' || n % 50, 'Change', now()
      from generate_series(${part * each}::int, ${(part + 1) * each - 1}::int) n join delivery_deployments d on d.id = 'dep_b' || n where d.status = 'success'`;
    process.stderr.write(`facts ${part + 1}/${PARTS}\n`);
  }
  for (const { indexdef } of indexes) await sql.unsafe(indexdef);
  await sql`vacuum analyze delivery_deployments`;
  await sql`vacuum analyze delivery_changes`;
  await sql`vacuum analyze delivery_commits`;
}

/** Under the lock of the product's own roll-up, which the running portal takes too. */
const locked = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  db().transaction(async (tx) => {
    await tx.execute("set local lock_timeout = 0");
    await tx.execute("set local statement_timeout = 0");
    await tx.execute("select pg_advisory_xact_lock(hashtext('waymark.metrics'))");
    return work(tx);
  });

async function rebuild(): Promise<void> {
  await locked(followTree);
  for (let at = 0; at < SERVICES; at += 50) {
    await locked(async (tx) => {
      for (let service = at; service < at + 50; service++)
        await markDays(tx, false, await rollUpService(tx, { service: `component:default/bench-${service}`, isDemo: false }, "2000-01-01"));
    });
  }
  while ((await locked(rollUpDays)) > 0);
}

try {
  report("delivery-facts-million", "ms", [await timed(makeFacts)]);
  report("delivery-sums-rebuild-million", "ms", [await timed(rebuild)]);
  await sql`vacuum analyze delivery_node_sums`;

  const floor: number[] = [];
  for (let i = 0; i < ROUNDS; i++) floor.push(await timed(() => portal.call(pat, "GET", "/me")));
  const median = [...floor].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const nodes = {
    organisation: "org",
    division: "group:default/division-3",
    team: "group:default/team-3",
    "busy-team": "group:default/team-0",
    service: "component:default/bench-900",
  };
  for (const metric of ["lead-time", "deployment-frequency", "change-fail-rate", "rework-rate", "recovery-time"]) {
    for (const [label, node] of Object.entries(nodes)) {
      const samples: number[] = [];
      await portal.call(pat, "GET", `/metrics/${metric}?node=${node}&data=live`);
      for (let i = 0; i < ROUNDS; i++) samples.push(await timed(() => portal.call(pat, "GET", `/metrics/${metric}?node=${node}&data=live`)));
      report(`${metric}-${label}-million`, "ms", samples, { floor: median });
    }
  }
  const raw = async (label: string, where: string) =>
    report(`lead-time-${label}-from-rows-million`, "ms", [
      await timed(() =>
        sql.unsafe(
          `select date_trunc('week', day), percentile_cont(0.5) within group (order by lead_seconds) from delivery_changes where counted and not is_demo and day >= now()::date - 364 and ${where} group by 1`,
        ),
      ),
    ]);
  await raw("organisation", "true");
  await raw("division", "team_id in (select team_id from delivery_tree where node = 'tea_d3')");
  await raw("team", "team_id = 'tea_t3'");
} finally {
  await sql.end();
  await closeDatabase();
  await portal.stop();
}
