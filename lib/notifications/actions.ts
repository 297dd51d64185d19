"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const markNotificationsRead = action(mutations.markNotificationsRead, { revalidate: ["/"] });
