"use client";

import { Search, X } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { type FacetCount, kindWord, refName } from "@/lib/catalog/contract";

const TITLES: Record<string, string> = { kind: "Kind", type: "Type", owner: "Owner", lifecycle: "Lifecycle", tag: "Tag", q: "Text" };
const SHOWN = 8;
/** On a phone the table has no heads to order by. */
const ORDERS = [
  ["", "Usual"],
  ["name", "Name"],
  ["-updated", "Last changed"],
  ["kind", "Kind"],
  ["owner", "Owner"],
  ["lifecycle", "Lifecycle"],
] as const;

const wordOf = (facet: string, value: string) => (facet === "kind" ? kindWord(value) : facet === "owner" ? refName(value) : value);
const chosen = (params: URLSearchParams, facet: string) => (params.get(facet) ?? "").split(",").filter(Boolean);

/** Filters live in the address; choosing one goes back to the first page. */
function useFilter() {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [, startTransition] = useTransition();
  const set = (facet: string, values: string[]) => {
    const next = new URLSearchParams(params);
    next.delete("cursor");
    if (values.length) next.set(facet, values.join(","));
    else next.delete(facet);
    startTransition(() => router.replace(`${pathname}?${next}`, { scroll: false }));
  };
  return { params, set };
}

/** Filters of the catalog with what there is of each. On a phone they open on demand. */
export function Facets({ facets, sort }: { facets: Record<string, FacetCount[]>; sort: string }) {
  const { params, set } = useFilter();
  const [isOpen, setOpen] = useState(false);
  return (
    <aside aria-label="Filters">
      <TextFilter value={params.get("q") ?? ""} onChange={(text) => set("q", text ? [text] : [])} />
      <Button className="phone" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Hide filters" : "More filters"}
      </Button>
      <div className={isOpen ? "facet-lists is-open" : "facet-lists"}>
        <label className="select sm phone mb-4">
          <span className="muted">Order</span>
          <select className="border-0 bg-transparent outline-none" value={sort} onChange={(event) => set("sort", event.target.value ? [event.target.value] : [])}>
            {ORDERS.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
        {Object.entries(facets).map(([facet, counts]) => (
          <Facet key={facet} facet={facet} counts={counts} chosen={chosen(params, facet)} onChange={(values) => set(facet, values)} />
        ))}
      </div>
    </aside>
  );
}

const TYPING_MS = 250;

function TextFilter({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div className="search mb-4">
      <Search className="i" aria-hidden />
      <input
        className="input"
        type="search"
        aria-label="Search the catalog"
        placeholder="Name, tag, owner"
        value={text}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(typed.trim()), TYPING_MS);
        }}
      />
    </div>
  );
}

function Facet({ facet, counts, chosen: picked, onChange }: { facet: string; counts: FacetCount[]; chosen: string[]; onChange: (values: string[]) => void }) {
  const [isLong, setLong] = useState(false);
  const missing = picked.filter((value) => !counts.some((one) => one.value === value)).map((value) => ({ value, count: 0 }));
  const all = [...counts, ...missing];
  if (all.length === 0) return null;
  const shown = isLong ? all : all.filter((one, index) => index < SHOWN || picked.includes(one.value));
  return (
    <fieldset>
      <legend>{TITLES[facet] ?? facet}</legend>
      {shown.map(({ value, count }) => (
        <label key={value} className="check">
          <input
            type="checkbox"
            checked={picked.includes(value)}
            onChange={(event) => onChange(event.target.checked ? [...picked, value] : picked.filter((one) => one !== value))}
          />
          <span className="truncate" title={value}>
            {wordOf(facet, value)}
          </span>
          <span className="count">{count.toLocaleString("en-GB")}</span>
        </label>
      ))}
      {all.length > SHOWN ? (
        <Button variant="quiet" size="sm" onClick={() => setLong(!isLong)}>
          {isLong ? "Show fewer" : `All ${all.length}`}
        </Button>
      ) : null}
    </fieldset>
  );
}

/** What is filtered by, each with a way to drop it, and how many are left. */
export function FilterChips({ count }: { count: string }) {
  const { params, set } = useFilter();
  const chips = ["kind", "type", "owner", "lifecycle", "tag", "system", "q"].flatMap((facet) =>
    (facet === "q" ? [params.get("q")].flatMap((q) => (q ? [q] : [])) : chosen(params, facet)).map((value) => ({ facet, value })),
  );
  const drop = ({ facet, value }: { facet: string; value: string }) => set(facet, facet === "q" ? [] : chosen(params, facet).filter((one) => one !== value));
  return (
    <div className="toolbar">
      <span className="line wrap grow">
        {chips.map((chip) => {
          const word = `${TITLES[chip.facet] ?? "System"}: ${wordOf(chip.facet, chip.value)}`;
          return (
            <span key={`${chip.facet} ${chip.value}`} className="badge chip">
              {word}
              <Button variant="icon" aria-label={`Remove filter ${word}`} onClick={() => drop(chip)}>
                <X className="i" aria-hidden />
              </Button>
            </span>
          );
        })}
      </span>
      <span className="count">{count}</span>
    </div>
  );
}
