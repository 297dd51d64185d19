"use server";

import { action } from "@/lib/core/action";
import * as m from "./mutations";
import * as q from "./queries";

export const setMeasures = action(m.setMeasures, { revalidate: ["/delivery"] });
export const addAnnotation = action(m.addAnnotation, { revalidate: ["/delivery"] });
export const removeAnnotation = action(m.removeAnnotation, { revalidate: ["/delivery"] });
export const setDeliveryRules = action(m.setDeliveryRules, { revalidate: ["/admin/delivery-rules", "/delivery"] });
export const previewDeliveryRules = action(q.previewDeliveryRules);
export const loadHistory = action(m.loadHistory, { revalidate: ["/runs"] });
export const declareIncident = action(m.declareIncident, { revalidate: ["/catalog"] });
export const resolveIncident = action(m.resolveIncident, { revalidate: ["/catalog"] });
export const linkIncident = action(m.linkIncident, { revalidate: ["/catalog"] });
export const compareGithubNow = action(m.compareGithubNow, { revalidate: ["/admin/webhooks"] });
export const createWebhookSource = action(m.createWebhookSource, { revalidate: ["/admin/webhooks"] });
export const rotateWebhookSecret = action(m.rotateWebhookSecret, { revalidate: ["/admin/webhooks"] });
export const setWebhookSource = action(m.setWebhookSource, { revalidate: ["/admin/webhooks"] });
export const deleteWebhookSource = action(m.deleteWebhookSource, { revalidate: ["/admin/webhooks"] });
export const replayWebhookDelivery = action(m.replayWebhookDelivery, { revalidate: ["/admin/webhooks"] });
