import { sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { goldenPathFormDays } from "@/db/schema";
import { FORM_HOURS, type FormUse } from "./contract";

/** Counts one form on the day on which it was opened. */
export async function addToDay(tx: Tx, { name, version, at }: { name: string; version: string; at: Date }, what: "opened" | "sent"): Promise<void> {
  await tx
    .insert(goldenPathFormDays)
    .values({ name, version, day: at.toISOString().slice(0, 10), field: "", [what]: 1 })
    .onConflictDoUpdate({
      target: [goldenPathFormDays.name, goldenPathFormDays.version, goldenPathFormDays.day, goldenPathFormDays.field],
      set: { [what]: sql`${goldenPathFormDays[what]} + 1` },
    });
}

/** Counts forms that were opened more than a day ago and not sent as abandoned, by the question that was touched last, and forgets them all. Safe on every replica at once. Returns how many were abandoned. */
export async function foldForms(on: Connection): Promise<number> {
  const [row] = await on.execute<{ n: number }>(sql`
    with over as (delete from golden_path_open_forms where opened_at < now() - ${FORM_HOURS} * interval '1 hour' returning *),
    counted as (
      insert into golden_path_form_days (name, version, day, field, abandoned)
      select name, version, (opened_at at time zone 'UTC')::date, field, count(*)::int from over where sent_at is null group by 1, 2, 3, 4
      on conflict (name, version, day, field) do update set abandoned = golden_path_form_days.abandoned + excluded.abandoned returning 1)
    select (select count(*) from over where sent_at is null)::int as n, (select count(*) from counted)::int as days`);
  return row?.n ?? 0;
}

const SHOWN_FIELDS = 5;

/** What became of the forms of each version, by `name@version`. */
export async function formUse(on: Connection): Promise<Map<string, FormUse>> {
  const rows = await on.execute<{ name: string; version: string; field: string; opened: number; sent: number; abandoned: number }>(sql`
    select name, version, field, sum(opened)::int as opened, sum(sent)::int as sent, sum(abandoned)::int as abandoned
    from golden_path_form_days group by 1, 2, 3 order by abandoned desc, field`);
  const found = new Map<string, FormUse>();
  for (const { name, version, field, opened, sent, abandoned } of rows) {
    const before = found.get(`${name}@${version}`) ?? NO_FORMS;
    const touched = abandoned > 0 && before.lastTouched.length < SHOWN_FIELDS ? [{ field, forms: abandoned }] : [];
    found.set(`${name}@${version}`, {
      opened: before.opened + opened,
      sent: before.sent + sent,
      abandoned: before.abandoned + abandoned,
      lastTouched: [...before.lastTouched, ...touched],
    });
  }
  return found;
}

export const NO_FORMS: FormUse = { opened: 0, sent: 0, abandoned: 0, lastTouched: [] };
