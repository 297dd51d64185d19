import { route } from "@/lib/core/http/route";
import { reopenProposal } from "@/lib/golden-paths/mutations";

export const POST = route(reopenProposal);
