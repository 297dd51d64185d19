import { route } from "@/lib/core/http/route";
import { getProposalFile } from "@/lib/golden-paths/queries";

export const GET = route(getProposalFile);
