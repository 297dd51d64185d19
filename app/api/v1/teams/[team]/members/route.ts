import { route } from "@/lib/core/http/route";
import { setMember } from "@/lib/identity/mutations";
import { listMembers } from "@/lib/identity/queries";

export const GET = route(listMembers);
export const POST = route(setMember);
