"use client";

import { Search } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";

export interface FilterChoice {
  name: string;
  label: string;
  options: { value: string; label: string }[];
}

/** Text and choices kept in the address, so that a filtered list can be linked to. */
export function FilterBar({ search, choices = [], count }: { search?: { name: string; placeholder: string }; choices?: FilterChoice[]; count: string }) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [, startTransition] = useTransition();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    next.delete("cursor");
    if (value) next.set(name, value);
    else next.delete(name);
    startTransition(() => router.replace(`${pathname}?${next}`, { scroll: false }));
  };
  return (
    <div className="toolbar">
      {search ? (
        <div className="search sm w-[240px]">
          <Search className="i" aria-hidden />
          <input
            className="input"
            type="search"
            aria-label={search.placeholder}
            placeholder={search.placeholder}
            defaultValue={params.get(search.name) ?? ""}
            onChange={(event) => set(search.name, event.target.value.trim())}
          />
        </div>
      ) : null}
      {choices.map((choice) => (
        <label key={choice.name} className="select sm">
          <span className="muted">{choice.label}</span>
          <select
            className="max-w-44 truncate border-0 bg-transparent outline-none"
            value={params.get(choice.name) ?? ""}
            onChange={(event) => set(choice.name, event.target.value)}
          >
            <option value="">Any</option>
            {choice.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      ))}
      <span className="count">{count}</span>
    </div>
  );
}
