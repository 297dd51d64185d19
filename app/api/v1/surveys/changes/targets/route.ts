import { route } from "@/lib/core/http/route";
import { listChangeTargets } from "@/lib/surveys/queries";

export const GET = route(listChangeTargets);
