import { route } from "@/lib/core/http/route";
import { dryRunProposal } from "@/lib/golden-paths/queries";

export const POST = route(dryRunProposal);
