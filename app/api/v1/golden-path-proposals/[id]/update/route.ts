import { route } from "@/lib/core/http/route";
import { updateProposal } from "@/lib/golden-paths/mutations";

export const POST = route(updateProposal);
