import { route } from "@/lib/core/http/route";
import { describeProposal, saveProposal } from "@/lib/golden-paths/mutations";
import { getProposal } from "@/lib/golden-paths/queries";

export const GET = route(getProposal);
export const PUT = route(saveProposal);
export const PATCH = route(describeProposal);
