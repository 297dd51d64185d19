import { and, asc, count, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { scimGroupMembers, scimGroups, scimPeople } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { among } from "../among";
import { connectionOf } from "./connection-ctx";
import { type Attributes, attributeAt, conditionOf, parseFilter } from "./filter";
import { type GroupRow, presentGroups, presentPeople } from "./present";
import { GROUP_SCHEMA, LIST_SCHEMA, MAX_COUNT, ScimRefusal, USER_SCHEMA } from "./protocol";
import { GROUPS, PEOPLE } from "./searchable";
import { type Selection, select, selectionOf, wants } from "./selection";

/** Members in one list of groups; the page is cut after the group that reaches it, and the next request goes on there. */
const MEMBERS_PER_LIST = 50_000;

const whole = (name: string) => z.coerce.number({ error: `"${name}" must be a whole number.` }).int(`"${name}" must be a whole number.`);
const ListInput = z.object({
  filter: z.string().max(10_000).optional(),
  startIndex: whole("startIndex").optional(),
  count: whole("count").optional(),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.string().max(20).optional(),
  attributes: z.union([z.string(), z.array(z.string())]).optional(),
  excludedAttributes: z.union([z.string(), z.array(z.string())]).optional(),
});
const OneInput = ListInput.pick({ attributes: true, excludedAttributes: true }).extend({ id: z.string().max(200) });
type ListQuery = z.output<typeof ListInput>;
const nobody = () => null;

/** Where a list begins and how long it is: from 1, at most 100. */
function rangeOf({ startIndex = 1, count: wanted = MAX_COUNT }: ListQuery): { offset: number; limit: number } {
  return { offset: Math.min(Math.max(startIndex, 1), 1_000_000_000) - 1, limit: Math.min(Math.max(wanted, 0), MAX_COUNT) };
}

function orderOf({ sortBy, sortOrder }: ListQuery, attributes: Attributes, schema: string): SQL[] {
  if (!sortBy) return [];
  const attribute = attributeAt(sortBy, attributes, schema);
  if (attribute.kind === "many") throw new ScimRefusal("invalidValue", `Lists cannot be sorted by "${sortBy}", which has several values.`);
  const column = attribute.kind === "text" && !attribute.caseExact ? sql`lower(${attribute.sql})` : attribute.sql;
  return [sortOrder?.toLowerCase() === "descending" ? desc(column) : asc(column)];
}

const listOf = (resources: Record<string, unknown>[], total: number, offset: number) => ({
  schemas: [LIST_SCHEMA],
  totalResults: total,
  startIndex: offset + 1,
  itemsPerPage: resources.length,
  Resources: resources,
});

export const listPushedPeople = query({
  name: "scim.read",
  summary: "People that the connection has pushed.",
  input: ListInput,
  subject: nobody,
  run: async (on, input, ctx) => {
    const connection = await connectionOf(on, ctx);
    const { offset, limit } = rangeOf(input);
    const filter = input.filter ? conditionOf(parseFilter(input.filter), PEOPLE, USER_SCHEMA) : undefined;
    const where = and(eq(scimPeople.connectionId, connection.id), isNull(scimPeople.deletedAt), filter);
    const [total] = await on.select({ n: count() }).from(scimPeople).where(where);
    const rows = limit
      ? await on
          .select()
          .from(scimPeople)
          .where(where)
          .orderBy(...orderOf(input, PEOPLE, USER_SCHEMA), scimPeople.createdAt, scimPeople.id)
          .limit(limit)
          .offset(offset)
      : [];
    const selection = selectionOf(input.attributes, input.excludedAttributes);
    const resources = await presentPeople(on, rows);
    return listOf(
      resources.map((resource) => select(resource, selection)),
      total?.n ?? 0,
      offset,
    );
  },
});

export const getPushedPerson = query({
  name: "scim.read",
  summary: "One person that the connection has pushed.",
  input: OneInput,
  subject: nobody,
  run: async (on, { id, attributes, excludedAttributes }, ctx) => {
    const connection = await connectionOf(on, ctx);
    const rows = await on
      .select()
      .from(scimPeople)
      .where(and(eq(scimPeople.id, id), eq(scimPeople.connectionId, connection.id), isNull(scimPeople.deletedAt)));
    const [resource] = await presentPeople(on, rows);
    if (!resource) throw new DomainError("not_found", `There is no User "${id.slice(0, 64)}" here.`);
    return { resource, shown: select(resource, selectionOf(attributes, excludedAttributes)) };
  },
});

export const listPushedGroups = query({
  name: "scim.read",
  summary: "Groups that the connection has pushed.",
  input: ListInput,
  subject: nobody,
  run: async (on, input, ctx) => {
    const connection = await connectionOf(on, ctx);
    const { offset, limit } = rangeOf(input);
    const filter = input.filter ? conditionOf(parseFilter(input.filter), GROUPS, GROUP_SCHEMA) : undefined;
    const where = and(eq(scimGroups.connectionId, connection.id), filter);
    const [total] = await on.select({ n: count() }).from(scimGroups).where(where);
    const rows = limit
      ? await on
          .select()
          .from(scimGroups)
          .where(where)
          .orderBy(...orderOf(input, GROUPS, GROUP_SCHEMA), scimGroups.createdAt, scimGroups.id)
          .limit(limit)
          .offset(offset)
      : [];
    const selection = selectionOf(input.attributes, input.excludedAttributes);
    const resources = await shownGroups(on, rows, selection);
    return listOf(
      resources.map((resource) => select(resource, selection)),
      total?.n ?? 0,
      offset,
    );
  },
});

export const getPushedGroup = query({
  name: "scim.read",
  summary: "One group that the connection has pushed, with its members.",
  input: OneInput,
  subject: nobody,
  run: async (on, { id, attributes, excludedAttributes }, ctx) => {
    const connection = await connectionOf(on, ctx);
    const selection = selectionOf(attributes, excludedAttributes);
    const rows = await on
      .select()
      .from(scimGroups)
      .where(and(eq(scimGroups.id, id), eq(scimGroups.connectionId, connection.id)));
    const [resource] = await presentGroups(on, rows, wants(selection, "members"));
    if (!resource) throw new DomainError("not_found", `There is no Group "${id.slice(0, 64)}" here.`);
    return { resource, shown: select(resource, selection) };
  },
});

async function shownGroups(on: Connection, rows: GroupRow[], selection: Selection) {
  if (!wants(selection, "members")) return presentGroups(on, rows, false);
  const sizes = await on
    .select({ id: scimGroupMembers.groupId, n: count() })
    .from(scimGroupMembers)
    .where(
      among(
        scimGroupMembers.groupId,
        rows.map((row) => row.id),
      ),
    )
    .groupBy(scimGroupMembers.groupId);
  const sizeOf = new Map(sizes.map(({ id, n }) => [id, n]));
  let members = 0;
  const end = rows.findIndex((row) => {
    members += sizeOf.get(row.id) ?? 0;
    return members > MEMBERS_PER_LIST;
  });
  return presentGroups(on, end < 0 ? rows : rows.slice(0, Math.max(1, end)), true);
}
