import { inArray } from "drizzle-orm";
import { stringify } from "yaml";
import type { Tx } from "@/db/client";
import { entities, settings, users } from "@/db/schema";
import { DEMO_GUIDES, DEMO_TEAMS } from "@/db/seed/demo-directory";
import { registerEntities, storeDocs } from "@/lib/catalog/mutations";
import { definitionOf } from "./catalog-apis";
import { DEMO_DOCS } from "./catalog-docs";
import { APIS, COMPONENTS, DOMAINS, RESOURCES, SYSTEMS } from "./catalog-things";

type Document = Record<string, unknown>;

const document = (kind: string, metadata: Document, spec: Document): Document => ({ apiVersion: "backstage.io/v1alpha1", kind, metadata, spec });
const present = (fields: Document): Document => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function groups(): Document[] {
  return DEMO_TEAMS.map(({ name, title, parent }) =>
    document(
      "Group",
      {
        name,
        title,
        description: parent ? `The ${title} team.` : `The division ${title}.`,
        ...(parent ? { annotations: { "waymark.dev/on-call": `https://oncall.fellside.example/schedules/${name}` } } : {}),
        links: [{ url: `https://chat.fellside.example/channels/team-${name}`, title: `#team-${name}` }],
      },
      present({
        type: parent ? "team" : "division",
        profile: { displayName: title, email: `${name}@fellside.example` },
        ...(parent ? { parent } : {}),
        children: DEMO_TEAMS.filter((one) => one.parent === name).map((one) => one.name),
      }),
    ),
  );
}

function people(): Document[] {
  const known = new Set<string>(DEMO_TEAMS.map(({ name }) => name));
  return DEMO_GUIDES.map(({ handle, name, groups: claims }) =>
    document("User", { name: handle, title: name }, { profile: { displayName: name, email: `${handle}@fellside.example` }, memberOf: claims.filter((claim) => known.has(claim)) }),
  );
}

function components(only: string | null): Document[] {
  return COMPONENTS.filter(({ by = null }) => by === only).map(
    ({ name, owner, system, description, type = "service", lifecycle = "production", tags, dependsOn, provides, consumes }) => {
      const links = [
        { url: `https://runbooks.fellside.example/${name}`, title: "Runbook" },
        { url: `https://grafana.fellside.example/d/${name}`, title: "Grafana" },
      ];
      return document(
        "Component",
        present({ name, description, tags, annotations: { "backstage.io/techdocs-ref": "dir:." }, ...(type === "library" ? {} : { links }) }),
        present({ type, lifecycle, owner, system, dependsOn, providesApis: provides, consumesApis: consumes }),
      );
    },
  );
}

function others(): Document[] {
  return [
    ...DOMAINS.map(({ name, owner, description }) => document("Domain", { name, description }, { owner })),
    ...SYSTEMS.map(({ name, owner, domain, description }) => document("System", { name, description }, { owner, domain })),
    ...APIS.map(({ name, owner, system, type, description }) =>
      document("API", { name, description }, { type, lifecycle: "production", owner, system, definition: definitionOf(type, name, description) }),
    ),
    ...RESOURCES.map(({ name, owner, system, type, description }) => document("Resource", { name, description }, { type, owner, system })),
  ];
}

/** Written once, and not looked at since. */
const UNCONFIRMED = ["component:default/cart-worker", "system:default/shop-front", "resource:default/stock-db"];
const LONG_AGO_MS = 240 * 86_400_000;

/** Registers what the demo company runs, once; what an admin removed does not come back. Needs the demo people. */
export async function seedDemoCatalog(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.catalog", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const owners = await tx
    .select({ id: users.id, handle: users.handle })
    .from(users)
    .where(
      inArray(
        users.handle,
        DEMO_GUIDES.map(({ handle }) => handle),
      ),
    );
  const register = (documents: Document[], registeredBy: string | null) =>
    registerEntities(tx, {
      text: documents.map((one) => stringify(one)).join("---\n"),
      file: "catalog-info.yaml",
      source: { type: "upload", label: "Fellside" },
      registeredBy,
      by: null,
      isDemo: true,
      now,
    });
  await register([...groups(), ...people(), ...others(), ...components(null)], null);
  for (const { id, handle } of owners) await register(components(handle), id);
  await tx
    .update(entities)
    .set({ updatedAt: new Date(now.getTime() - LONG_AGO_MS) })
    .where(inArray(entities.ref, UNCONFIRMED));
  for (const [ref, docs] of Object.entries(DEMO_DOCS)) await storeDocs(tx, ref, docs, { commit: null, now });
}
