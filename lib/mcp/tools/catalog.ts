import { getContact, getDoc, getEntity, getGraph, listEntities, listFindings, searchEntityDocs } from "@/lib/catalog/queries";
import { listEntityScorecards } from "@/lib/scorecards/queries";
import { searchEverything } from "@/lib/search/queries";
import { tool } from "../tool";
import { listed } from "../words";

/** What there is, whose it is, and what depends on what. */
export const CATALOG_TOOLS = [
  tool(searchEverything, {
    name: "search",
    title: "Search Waymark",
    hint: "Start here when you have a name or a word; the id of each hit is what the other tools take.",
    text: ({ items }) => `${items.length} found.`,
  }),
  tool(listEntities, {
    name: "entity_list",
    title: "List catalog entities",
    hint: "Services, APIs, resources, systems, teams and people of the software catalog.",
    fields: { kind: "component, api, resource, system, domain, group, user.", owner: "For example group:default/checkout.", q: "Words to look for." },
    defaults: { limit: 20 },
    text: listed,
  }),
  tool(getEntity, {
    name: "entity_get",
    title: "Show entity",
    hint: "Says who owns it (ownerRef), who is on call (onCall), and which documents it has.",
    byRef: true,
    text: ({ ref, findings, docs }) => `${ref}: ${docs.length} documents, ${findings.length} open findings.`,
  }),
  tool(getGraph, {
    name: "entity_graph",
    title: "Show dependencies and impact",
    hint: "direction needed-by answers what breaks if the entity goes.",
    byRef: true,
    text: (graph) => `${graph.nodes.length} entities.`,
  }),
  tool(getContact, {
    name: "owner_contact",
    title: "Show whom to ask",
    fields: { ref: "The owner: a group or user, for example group:default/checkout. entity_get says it as ownerRef." },
    text: () => "Whom to ask.",
  }),
  tool(getDoc, {
    name: "entity_doc",
    title: "Read document",
    byRef: true,
    fields: { path: "As entity_get lists it under docs." },
    text: ({ text }) => `${text.length} characters of Markdown.`,
  }),
  tool(searchEntityDocs, { name: "entity_doc_search", title: "Search documents of an entity", byRef: true, text: listed }),
  tool(listFindings, {
    name: "finding_list",
    title: "List catalog findings",
    fields: { entity: "Only those of this reference." },
    defaults: { limit: 20 },
    text: listed,
  }),
  tool(listEntityScorecards, { name: "entity_scorecards", title: "Show scorecards of an entity", byRef: true, text: listed }),
];
