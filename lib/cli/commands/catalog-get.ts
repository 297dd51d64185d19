import type { EntityDetail } from "@/lib/catalog/contract";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { signedIn } from "../session";
import { columns, factLines } from "../table";
import { print, printJson } from "../terminal";

export const catalogGet: Command = {
  name: "catalog get",
  summary: "One entity: who owns it, what it needs and who needs it",
  operand: "ref",
  options: [],
  async run({ operand, options }) {
    const [, kind, namespace, name] = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(operand) ?? [];
    if (!name) throw new Exit(EXIT.usage, `"${operand}" is no reference. Write kind:namespace/name, for example component:default/checkout-api.`);
    const client = await signedIn(options.url);
    const path = [kind ?? "component", namespace ?? "default", name].map(encodeURIComponent).join("/");
    const entity = await client.call<EntityDetail>("GET", `/api/v1/entities/${path}`);
    if (options.json) return printJson(entity);
    const facts = {
      Reference: entity.ref,
      Title: entity.title,
      Description: entity.description,
      Type: entity.type,
      Lifecycle: entity.lifecycle,
      Owner: entity.ownerRef ?? "nobody",
      System: entity.systemRef,
      "Golden path": entity.goldenPath && `${entity.goldenPath.name} ${entity.goldenPath.version}`,
      Page: `${client.url}/catalog/${[entity.namespace, entity.kind, entity.name.toLowerCase()].map(encodeURIComponent).join("/")}`,
    };
    for (const line of factLines(facts)) print(line);
    const rows = entity.relations.map(({ type, targetRef, target }) => [type, targetRef, target ? "" : "not in the catalog"]);
    if (rows.length) print("");
    for (const line of columns(rows)) print(line);
  },
};
