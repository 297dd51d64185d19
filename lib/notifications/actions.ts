"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const markNotificationsRead = action(mutations.markNotificationsRead, { revalidate: ["/"] });
export const connectMail = action(mutations.connectMail, { revalidate: ["/admin/integrations"] });
export const connectChat = action(mutations.connectChat, { revalidate: ["/admin/integrations"] });
export const disconnectChannel = action(mutations.disconnectChannel, { revalidate: ["/admin/integrations"] });
export const testChannel = action(mutations.testChannel, { revalidate: ["/admin/integrations"] });
