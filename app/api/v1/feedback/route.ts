import { route } from "@/lib/core/http/route";
import { sendFeedback } from "@/lib/surveys/mutations";
import { listFeedback } from "@/lib/surveys/queries";

export const GET = route(listFeedback);
export const POST = route(sendFeedback, { status: 201 });
