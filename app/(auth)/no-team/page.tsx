import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { NoTeamHelp } from "@/components/account/no-team-help";
import { SoloPage } from "@/components/account/solo-page";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { readNoTeam } from "@/lib/identity/queries";

export const metadata: Metadata = { title: "No team yet" };

export default async function NoTeamPage() {
  const ctx = await requireSignedIn();
  if (ctx.actor.teams.length) redirect("/");
  return (
    <SoloPage title="You are in no team yet">
      <NoTeamHelp handle={ctx.actor.handle} {...(await readNoTeam(ctx, {}))} />
    </SoloPage>
  );
}
