import { route } from "@/lib/core/http/route";
import { editInRepository } from "@/lib/repositories/mutations";
import { planEdit } from "@/lib/repositories/queries";

export const GET = route(planEdit);
export const POST = route(editInRepository, { status: 202 });
