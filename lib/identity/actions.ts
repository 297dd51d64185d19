"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const createToken = action(mutations.createToken, { revalidate: ["/account"] });
export const revokeToken = action(mutations.revokeToken, { revalidate: ["/account"] });
export const endOwnSession = action(mutations.endOwnSession, { revalidate: ["/account"] });
export const endAllSessions = action(mutations.endAllSessions, { revalidate: ["/admin/people"] });
export const decideDevice = action(mutations.decideDevice);
export const setRole = action(mutations.setRole, { revalidate: ["/admin/people"] });
export const disablePerson = action(mutations.disablePerson, { revalidate: ["/admin/people"] });
export const createTeam = action(mutations.createTeam, { revalidate: ["/admin/teams"] });
export const setMember = action(mutations.setMember, { revalidate: ["/admin/teams"] });
export const removeMember = action(mutations.removeMember, { revalidate: ["/admin/teams"] });
export const replaceRules = action(mutations.replaceRules, { revalidate: ["/admin/role-rules"] });
export const editTeam = action(mutations.editTeam, { revalidate: ["/admin/teams"] });
export const previewRules = action(queries.previewRules);
