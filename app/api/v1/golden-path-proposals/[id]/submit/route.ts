import { route } from "@/lib/core/http/route";
import { submitProposal } from "@/lib/golden-paths/mutations";

export const POST = route(submitProposal);
