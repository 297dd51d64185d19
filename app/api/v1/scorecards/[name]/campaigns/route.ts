import { route } from "@/lib/core/http/route";
import { startCampaign } from "@/lib/scorecards/mutations";
import { listCampaigns } from "@/lib/scorecards/queries";

export const GET = route(listCampaigns);
export const POST = route(startCampaign, { status: 201 });
