"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const decideConfirmation = action(mutations.decideConfirmation, { revalidate: ["/confirmations", "/"] });
