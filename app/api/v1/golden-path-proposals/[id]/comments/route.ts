import { route } from "@/lib/core/http/route";
import { commentProposal } from "@/lib/golden-paths/mutations";

export const POST = route(commentProposal, { status: 201 });
