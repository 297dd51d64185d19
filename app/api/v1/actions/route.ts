import { createAction } from "@/lib/actions/mutations";
import { listActions } from "@/lib/actions/queries";
import { route } from "@/lib/core/http/route";

export const GET = route(listActions);
export const POST = route(createAction, { status: 201 });
