"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { addressWith, type DeliveryAddress } from "./address";

interface Choice {
  label: string;
  name: "node" | "service" | "span" | "by" | "data";
  value: string;
  options: { value: string; label: string }[];
}

/** The page's choices, kept in its address. */
export function DeliveryFilters({ address, choices, children }: { address: DeliveryAddress; choices: Choice[]; children: React.ReactNode }) {
  const router = useRouter();
  const [, startTransition] = useTransition();
  const set = (name: Choice["name"], value: string) => {
    // Another group has other services, and another course of time other points.
    const change = { at: undefined, ...(name === "node" ? { service: undefined } : {}), [name]: value || undefined };
    startTransition(() => router.replace(addressWith(address, change), { scroll: false }));
  };
  return (
    <div className="toolbar flex-wrap">
      {choices.map((choice) => (
        <label key={choice.name} className="select sm">
          <span className="muted">{choice.label}</span>
          <select className="max-w-[180px] border-0 bg-transparent outline-none" value={choice.value} onChange={(event) => set(choice.name, event.target.value)}>
            {choice.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      ))}
      {children}
    </div>
  );
}
