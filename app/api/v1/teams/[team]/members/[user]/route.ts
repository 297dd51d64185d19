import { route } from "@/lib/core/http/route";
import { removeMember } from "@/lib/identity/mutations";

export const DELETE = route(removeMember);
