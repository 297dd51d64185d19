import { route } from "@/lib/core/http/route";
import { checkProposal } from "@/lib/golden-paths/queries";

export const POST = route(checkProposal);
