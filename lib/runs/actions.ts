"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const cancelRun = action(mutations.cancelRun, { revalidate: ["/"] });
export const retryRun = action(mutations.retryRun, { revalidate: ["/"] });
