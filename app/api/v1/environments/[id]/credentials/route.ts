import { route } from "@/lib/core/http/route";
import { revealCredentials } from "@/lib/environments/mutations";

export const GET = route(revealCredentials);
