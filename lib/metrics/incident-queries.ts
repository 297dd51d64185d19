import { query } from "@/lib/core/operation";
import { type Incident, IncidentId } from "./contract";
import { incidentSubject } from "./incident-mutations";
import { presentIncident } from "./incidents";

export const getIncident = query({
  name: "entity.read",
  summary: "One incident.",
  input: IncidentId,
  subject: (on, { id }) => incidentSubject(on, id),
  run: async (_on, _input, _ctx, { row }): Promise<Incident> => presentIncident(row),
});
