import { route } from "@/lib/core/http/route";
import { addChange } from "@/lib/surveys/mutations";
import { listChanges } from "@/lib/surveys/queries";

export const GET = route(listChanges);
export const POST = route(addChange, { status: 201 });
