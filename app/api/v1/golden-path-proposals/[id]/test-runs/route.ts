import { route } from "@/lib/core/http/route";
import { testProposal } from "@/lib/environments/mutations";
import { listProposalTests } from "@/lib/environments/queries";

export const GET = route(listProposalTests);
export const POST = route(testProposal, { status: 202 });
