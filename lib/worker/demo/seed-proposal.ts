import { inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { settings, teams, users } from "@/db/schema";
import { insertPastProposal } from "@/lib/golden-paths/jobs";

const REASON = `Of our last nine services eight answered “Only services of the company”, and the ninth asked us what it means. The default is right for nearly everybody, so the question can be folded away with the log level: one thing less to know.

Who needs the internet opens “More choices” once.`;

/** Writes the change to a golden path that the demo company's checkout team proposed, once. Needs the demo people and the paths. */
export async function seedDemoProposal(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.proposal", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const people = await tx
    .select({ id: users.id, handle: users.handle })
    .from(users)
    .where(inArray(users.handle, ["olga", "ada"]));
  const [olga, ada] = ["olga", "ada"].map((handle) => people.find((person) => person.handle === handle));
  const [team] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(inArray(teams.ref, ["group:default/checkout"]));
  if (!olga || !ada || !team) return;
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  await insertPastProposal(tx, {
    goldenPath: "node-express",
    title: "Do not ask everybody who can reach the service",
    reason: REASON,
    author: { id: olga.id, teamId: team.id },
    file: "template.yaml",
    change: (text) => text.replace(/^( +)default: internal\n/m, "$&$1ui:advanced: true\n"),
    events: [
      { kind: "began", text: "", byId: olga.id, at: hoursAgo(74) },
      { kind: "commented", text: "Could the help of the folded question say who to ask before it is opened to the internet?", byId: ada.id, at: hoursAgo(51) },
      { kind: "submitted", text: "The form as it is now is in the preview.", byId: olga.id, at: hoursAgo(26) },
    ],
  });
}
