import { route } from "@/lib/core/http/route";
import { compareProposal } from "@/lib/golden-paths/queries";

export const GET = route(compareProposal);
