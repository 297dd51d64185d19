import { route } from "@/lib/core/http/route";
import { reviewProposal } from "@/lib/golden-paths/mutations";

export const POST = route(reviewProposal);
