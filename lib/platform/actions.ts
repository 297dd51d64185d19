"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const editSettings = action(mutations.editSettings, { revalidate: ["/"] });
export const connectGithub = action(mutations.connectGithub, { revalidate: ["/admin/integrations"] });
export const disconnectGithub = action(mutations.disconnectGithub, { revalidate: ["/admin/integrations"] });
export const testGithub = action(queries.testGithub);
export const connectHost = action(mutations.connectHost, { revalidate: ["/admin/integrations"] });
export const disconnectHost = action(mutations.disconnectHost, { revalidate: ["/admin/integrations"] });
export const testHost = action(queries.testHost);
