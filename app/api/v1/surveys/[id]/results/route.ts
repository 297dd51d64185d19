import { route } from "@/lib/core/http/route";
import { getResults } from "@/lib/surveys/queries";

export const GET = route(getResults);
