import { route } from "@/lib/core/http/route";
import { endException } from "@/lib/scorecards/mutations";

export const DELETE = route(endException);
