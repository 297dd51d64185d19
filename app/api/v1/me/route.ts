import { route } from "@/lib/core/http/route";
import { getMe } from "@/lib/identity/queries";

export const GET = route(getMe);
