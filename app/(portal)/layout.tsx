import type { ReactNode } from "react";
// Hydration waits for the error page: named here it comes with the frame, not by a request of its own afterwards.
import "./error";
import { Shell } from "@/components/layout/shell";
import { env } from "@/lib/core/env";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { listEnvironments } from "@/lib/environments/queries";
import { listNotifications } from "@/lib/notifications/queries";
import { readOrganisation } from "@/lib/platform/queries";
import { getOpenSurvey } from "@/lib/surveys/queries";

const ROLE_WORDS = { engineer: "Engineer", manager: "Manager", "platform-admin": "Platform admin" };

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await requireSignedIn();
  const { actor } = ctx;
  const [organisation, mine, notices, survey] = await Promise.all([
    readOrganisation(ctx, {}),
    listEnvironments(ctx, { scope: "mine", limit: 1 }),
    listNotifications(ctx, { limit: 10 }),
    getOpenSurvey(ctx, {}),
  ]);
  const team = actor.teams[0]?.name;
  return (
    <Shell
      organisation={organisation}
      person={{ name: actor.name, detail: [ROLE_WORDS[actor.role], team].filter(Boolean).join(", ") }}
      isAdmin={actor.role === "platform-admin"}
      isDemo={env().demo}
      counts={{ "/environments": mine.total, "/survey": survey?.isDue ? 1 : 0 }}
      notices={notices}
    >
      {children}
    </Shell>
  );
}
