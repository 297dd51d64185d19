import { route } from "@/lib/core/http/route";
import { startProposal } from "@/lib/golden-paths/mutations";
import { listProposals } from "@/lib/golden-paths/queries";

export const GET = route(listProposals);
export const POST = route(startProposal, { status: 201 });
