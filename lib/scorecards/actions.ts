"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const createScorecard = action(mutations.createScorecard, { revalidate: ["/"] });
export const editScorecard = action(mutations.editScorecard, { revalidate: ["/"] });
export const deleteScorecard = action(mutations.deleteScorecard, { revalidate: ["/"] });
export const grantException = action(mutations.grantException, { revalidate: ["/"] });
export const endException = action(mutations.endException, { revalidate: ["/"] });
export const startCampaign = action(mutations.startCampaign, { revalidate: ["/"] });
export const editCampaign = action(mutations.editCampaign, { revalidate: ["/"] });
export const endCampaign = action(mutations.endCampaign, { revalidate: ["/"] });
export const previewScorecard = action(queries.previewScorecard);
