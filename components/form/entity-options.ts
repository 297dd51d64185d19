"use client";

import type { WidgetProps } from "@rjsf/utils";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { queryClient } from "@/components/ui/query-client";
import { type PickerOption, pickersOf, wantedKinds } from "./widgets";

const OFFERED = 30;

type Filter = Record<string, unknown>;
interface Found {
  kind: string;
  metadata: { namespace?: string; name: string; title?: string };
}

/** The query of Backstage's catalog API that a template's `catalogFilter` stands for; its alternatives are one `filter` each. */
export function entityQuery(options: Filter, owners: string[], typed: string): string {
  const asked = [options.catalogFilter].flat().filter((one): one is Filter => typeof one === "object" && one !== null);
  const kinds = [options.allowedKinds].flat().filter((kind) => typeof kind === "string");
  const alternatives = asked.length > 0 ? asked : [kinds.length > 0 ? { kind: kinds } : {}];
  const query = new URLSearchParams({ limit: String(OFFERED), fields: "kind,metadata.namespace,metadata.name,metadata.title" });
  for (const one of alternatives) {
    const parts = Object.entries(one).flatMap(([key, value]) => [value].flat().map((wanted) => (typeof wanted === "object" ? key : `${key}=${String(wanted)}`)));
    const all = options.owned === true ? [...parts, ...owners.map((owner) => `relations.ownedBy=${owner}`)] : parts;
    if (all.length > 0) query.append("filter", all.join(","));
  }
  const text = typed.split("/").at(-1)?.trim();
  if (text) {
    query.set("fullTextFilterTerm", text);
    query.set("fullTextFilterFields", "metadata.name,metadata.title");
  }
  return query.toString();
}

async function ask(query: string): Promise<PickerOption[]> {
  const answer = await fetch(`/api/catalog/entities/by-query?${query}`);
  if (!answer.ok) throw new Error("the catalog does not answer");
  const { items } = (await answer.json()) as { items: Found[] };
  return items.map(({ kind, metadata: { namespace = "default", name, title } }) => ({
    value: `${kind}:${namespace}/${name}`.toLowerCase(),
    label: title ?? name,
    kind: kind.toLowerCase(),
  }));
}

/** What a picker of entities offers: at first what the page brought along, then what the catalog finds for what is typed. */
export function useEntityOptions(props: WidgetProps, typed: string, isOn = true): { offered: PickerOption[]; onFocus: () => void } {
  const [isOpen, setOpen] = useState(false);
  const { entities = [], ownEntities, owners = [] } = pickersOf(props);
  const kinds = wantedKinds(props.options);
  const first = (props.options.owned === true && ownEntities ? ownEntities : entities).filter(({ kind }) => kinds.length === 0 || (kind && kinds.includes(kind)));
  const query = useDeferredValue(
    entityQuery(
      props.options,
      owners.map(({ value }) => value),
      typed,
    ),
  );
  const isLive = isOn && isOpen && (entities.length > 0 || owners.length > 0);
  const { data } = useQuery(
    { queryKey: ["entity-options", query], queryFn: () => ask(query), enabled: isLive, staleTime: 30_000, placeholderData: (before) => before },
    queryClient,
  );
  return { offered: data ?? first, onFocus: () => setOpen(true) };
}
