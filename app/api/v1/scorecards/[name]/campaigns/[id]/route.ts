import { route } from "@/lib/core/http/route";
import { editCampaign } from "@/lib/scorecards/mutations";

export const PATCH = route(editCampaign);
