import { route } from "@/lib/core/http/route";
import { createStepAction } from "@/lib/golden-paths/mutations";
import { listDeclaredActions } from "@/lib/golden-paths/queries";

export const GET = route(listDeclaredActions);
export const POST = route(createStepAction, { status: 201 });
