import { route } from "@/lib/core/http/route";
import { getFeedback } from "@/lib/surveys/queries";

export const GET = route(getFeedback);
