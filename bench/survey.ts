import { createHash, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { openDatabase } from "./setup/database";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

// A survey of 5,000 people in 600 groups: everybody answers within two minutes, five times as fast as an invitation by mail brings
// them, at random moments; then it is closed, which shuffles, withholds and publishes. The floor is the cheapest signed-in answer.

const DIVISIONS = 30;
const TEAMS = 570;
const PEOPLE = 5_000;
const ARRIVE_WITHIN_MS = 120_000;
const ROUNDS = 200;

interface Open {
  id: string;
  asked: number;
  answered: number;
}

const portal = await benchPortal();
const pat = portal.token("pat", "read,admin");
const sql = openDatabase(portal);

/** Teams, people and a session of each; returns the cookies. */
async function fillCompany(): Promise<string[]> {
  const team = (i: number, parent: string | null) => ({ id: `tea_b${i}`, ref: `group:default/b${i}`, name: `b${i}`, title: `Team ${i}`, parent_id: parent });
  await sql`insert into teams ${sql(Array.from({ length: DIVISIONS }, (_, i) => team(i, null)))}`;
  await sql`insert into teams ${sql(Array.from({ length: TEAMS }, (_, i) => team(DIVISIONS + i, `tea_b${i % DIVISIONS}`)))}`;
  const people = Array.from({ length: PEOPLE }, (_, i) => ({ id: `usr_b${i}`, issuer: "bench", subject: `b${i}`, handle: `b${i}`, name: `Person ${i}` }));
  const cookies = people.map(() => randomBytes(32).toString("base64url"));
  const expires = new Date(Date.now() + 3_600_000);
  for (let at = 0; at < PEOPLE; at += 1_000) {
    const some = people.slice(at, at + 1_000);
    await sql`insert into users ${sql(some)}`;
    await sql`insert into memberships ${sql(some.map(({ id }, i) => ({ user_id: id, team_id: `tea_b${DIVISIONS + ((at + i) % TEAMS)}`, source: "manual" })))}`;
    await sql`insert into sessions ${sql(
      some.map(({ id }, i) => ({
        id: createHash("sha256")
          .update(cookies[at + i] ?? "")
          .digest("hex"),
        user_id: id,
        issuer: "bench",
        expires_at: expires,
      })),
    )}`;
  }
  return cookies;
}

const answersOf = (i: number) => ({
  score: [10, 9, 9, 8, 8, 7, 7, 6, 5, 3, 9, 10][(i * 7) % 12],
  reason: ["speed", "deploying", "access", "docs"][i % 4],
  hours: ["half-1", "1-2", "2-3", "over-4"][(i * 3) % 4],
  concepts: ["1-3", "4-7", "8-12"][(i * 5) % 3],
  outcome: ["2", "3", "4", "5"][(i * 11) % 4],
  ...(i % 3 === 0 ? { comment: `Words of answer ${i}, long enough to be a sentence of some weight.` } : {}),
});

/** Milliseconds until the answer of one person was taken. Throws where it was not. */
async function send(survey: string, cookie: string, i: number): Promise<number> {
  return timed(async () => {
    const answer = await fetch(`${portal.url}/api/v1/surveys/${survey}/responses`, {
      method: "POST",
      headers: { cookie: `waymark_session=${cookie}`, origin: portal.url, "content-type": "application/json" },
      body: JSON.stringify({ answers: answersOf(i), attempt: `attempt-of-${i}` }),
    });
    if (answer.status !== 201) throw new Error(`answer ${i}: ${answer.status} ${await answer.text()}`);
  });
}

try {
  const cookies = await fillCompany();
  const running = await portal.call<Open | null>(pat, "GET", "/surveys/current");
  if (running) await portal.call(pat, "POST", `/surveys/${running.id}/close`, {});
  const opening: Open[] = [];
  const openMs = await timed(async () => opening.push(await portal.call<Open>(pat, "POST", "/surveys", {})));
  const survey = opening[0]?.id ?? "";
  report("survey-open-5000-people", "ms", [openMs]);

  const floor: number[] = [];
  for (let i = 0; i < ROUNDS; i++) floor.push(await timed(() => portal.call(pat, "GET", "/me")));
  const cheapest = floor.sort((a, b) => a - b)[Math.floor(floor.length / 2)] ?? 0;

  const begun = performance.now();
  const moments = cookies.map((_, i) => ((i * 7_919) % PEOPLE) * (ARRIVE_WITHIN_MS / PEOPLE));
  const taken = await Promise.all(
    cookies.map(async (cookie, i) => {
      await wait(Math.max(0, (moments[i] ?? 0) - (performance.now() - begun)));
      return send(survey, cookie, i);
    }),
  );
  report("survey-answer-42-per-second", "ms", taken, { floor: cheapest });
  const { answered } = await portal.call<Open>(pat, "GET", `/surveys/${survey}/responses`);
  report("survey-answers-lost", "answers", [PEOPLE - answered]);

  const closeMs = await timed(() => portal.call(pat, "POST", `/surveys/${survey}/close`, {}));
  report("survey-publish-5000-people-600-groups", "ms", [closeMs]);
  const reads: number[] = [];
  for (let i = 0; i < 20; i++) reads.push(await timed(() => portal.call(pat, "GET", `/surveys/${survey}/results`)));
  report("survey-results-all-groups", "ms", reads, { floor: cheapest });
  const [counted] = await sql<{ n: number }[]>`select (cell->>'n')::int as n from survey_results where survey_id = ${survey} and item = 'score' and node = 'org'`;
  if (counted?.n !== PEOPLE || answered !== PEOPLE) throw new Error(`${counted?.n} of ${PEOPLE} answers were counted`);
} finally {
  await sql.end();
  await portal.stop();
}
