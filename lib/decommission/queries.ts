import "server-only";
import { z } from "zod";
import { query } from "@/lib/core/operation";
import { DecommissionId, type DecommissionPlan, type DecommissionReceipt, DecommissionServiceInput } from "./contract";
import { planOf } from "./plan";
import { decommissionSubject, lastDecommission, presentReceipt } from "./receipt";
import { serviceSubject } from "./subject";

export const planDecommission = query({
  name: "service.decommission",
  summary: "Everything that belongs to a service and what would become of each part. Nothing is changed.",
  input: DecommissionServiceInput,
  subject: serviceSubject,
  run: (on, _input, _ctx, { entity }): Promise<DecommissionPlan> => planOf(on, entity),
});

export const getDecommission = query({
  name: "run.read",
  summary: "The receipt of a decommissioned service: who asked, when, and what became of each part.",
  input: DecommissionId,
  subject: decommissionSubject,
  run: (on, _input, _ctx, { row }): Promise<DecommissionReceipt> => presentReceipt(on, row),
});

export const decommissionScope = query({
  name: "run.read",
  summary: "Whose receipt it is, for asking what the reader may do with it.",
  input: DecommissionId,
  subject: decommissionSubject,
  run: async (_on, _input, _ctx, { teamId, ownerId }) => ({ teamId, ownerId }),
});

export const findDecommission = query({
  name: "entity.read",
  summary: "The decommission that took an entity out of the lists; null where there was none.",
  input: z.strictObject({ entityRef: z.string().max(200) }),
  subject: () => null,
  run: async (on, { entityRef }) => {
    const row = await lastDecommission(on, entityRef);
    return { id: row?.runId ?? null };
  },
});
