import { route } from "@/lib/core/http/route";
import { withdrawProposal } from "@/lib/golden-paths/mutations";

export const POST = route(withdrawProposal);
