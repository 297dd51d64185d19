import { route } from "@/lib/core/http/route";
import { editTeam } from "@/lib/identity/mutations";
import { getTeam } from "@/lib/identity/queries";

export const GET = route(getTeam);
export const PATCH = route(editTeam);
