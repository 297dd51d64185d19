"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const decommissionService = action(mutations.decommissionService, { revalidate: ["/"] });
export const undoDecommission = action(mutations.undoDecommission, { revalidate: ["/"] });
