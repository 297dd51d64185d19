import { route } from "@/lib/core/http/route";
import { listOwnFeedback } from "@/lib/surveys/queries";

export const GET = route(listOwnFeedback);
