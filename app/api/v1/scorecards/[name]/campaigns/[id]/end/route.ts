import { route } from "@/lib/core/http/route";
import { endCampaign } from "@/lib/scorecards/mutations";

export const POST = route(endCampaign, { isRepeatable: true });
