import { route } from "@/lib/core/http/route";
import { createTeam } from "@/lib/identity/mutations";
import { listTeams } from "@/lib/identity/queries";

export const GET = route(listTeams);
export const POST = route(createTeam, { status: 201 });
