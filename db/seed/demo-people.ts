import { eq } from "drizzle-orm";
import type { Tx } from "../client";
import { memberships, roleRules, settings, teams, users } from "../schema";
import { DEMO_ISSUER, DEMO_ORGANISATION, DEMO_PEOPLE, DEMO_RULES, DEMO_TEAMS, type DemoPerson } from "./demo-directory";

const teamId = (name: string) => `tea_demo${name}`;
const userId = (handle: string) => `usr_demo${handle.replace(/\W/g, "")}`;

/** Inserts the demo company once: teams, people, memberships and rules, all marked as demo. Does nothing when it is there or was removed. */
export async function seedDemoPeople(tx: Tx): Promise<void> {
  const [seeded] = await tx.select({ key: settings.key }).from(settings).where(eq(settings.key, "demo.seeded"));
  if (seeded) return;
  await tx
    .insert(settings)
    .values([
      { key: "demo.seeded", value: true },
      { key: "organisation", value: DEMO_ORGANISATION },
    ])
    .onConflictDoNothing();
  await tx
    .insert(teams)
    .values(DEMO_TEAMS.map(({ name, title, parent }) => ({ id: teamId(name), ref: `group:default/${name}`, name, title, parentId: parent ? teamId(parent) : null, isDemo: true })))
    .onConflictDoNothing();
  await tx
    .insert(users)
    .values(
      DEMO_PEOPLE.map(({ handle, name, groups }) => ({
        id: userId(handle),
        issuer: DEMO_ISSUER,
        subject: handle,
        handle,
        name,
        email: `${handle}@fellside.example`,
        emailVerified: true,
        role: roleOf(groups),
        isDemo: true,
      })),
    )
    .onConflictDoNothing();
  await tx.insert(memberships).values(DEMO_PEOPLE.flatMap(membershipsOf)).onConflictDoNothing();
  await tx
    .insert(roleRules)
    .values(
      DEMO_RULES.map(({ value, team, membership, role }, position) => ({
        id: `rul_demo${String(position).padStart(2, "0")}`,
        position,
        match: "exact" as const,
        value,
        role,
        teamId: team ? teamId(team) : null,
        membership,
      })),
    )
    .onConflictDoNothing();
}

function roleOf(groups: string[]): "engineer" | "manager" | "platform-admin" {
  return DEMO_RULES.find((rule) => rule.role && groups.includes(rule.value))?.role ?? "engineer";
}

function membershipsOf(person: DemoPerson) {
  const found = new Map<string, "member" | "owner">();
  for (const rule of DEMO_RULES) if (rule.team && rule.membership && person.groups.includes(rule.value)) found.set(rule.team, rule.membership);
  return [...found].map(([team, membership]) => ({ userId: userId(person.handle), teamId: teamId(team), membership, source: "idp" as const }));
}
