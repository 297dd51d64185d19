"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";

export const answerSurvey = action(mutations.answerSurvey, { revalidate: ["/"] });
export const setSurveyPreferences = action(mutations.setSurveyPreferences, { revalidate: ["/"] });
export const answerOneTap = action(mutations.answerOneTap);
export const openSurvey = action(mutations.openSurvey, { revalidate: ["/"] });
export const closeSurvey = action(mutations.closeSurvey, { revalidate: ["/"] });
export const scheduleSurveys = action(mutations.scheduleSurveys, { revalidate: ["/admin/surveys"] });
export const saveSurveyForm = action(mutations.saveSurveyForm, { revalidate: ["/admin/surveys"] });
export const tagAnswer = action(mutations.tagAnswer, { revalidate: ["/survey/results"] });
export const addChange = action(mutations.addChange, { revalidate: ["/survey", "/admin/surveys"] });
export const removeChange = action(mutations.removeChange, { revalidate: ["/survey", "/admin/surveys"] });
export const sendFeedback = action(mutations.sendFeedback);
export const answerFeedback = action(mutations.answerFeedback, { revalidate: ["/"] });
