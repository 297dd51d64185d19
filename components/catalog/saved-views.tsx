"use client";

import { X } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldProps } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Link } from "@/components/ui/link";
import { useToast } from "@/components/ui/toast";
import { useAct } from "@/components/ui/use-act";
import { deleteView, saveView } from "@/lib/catalog/actions";
import { type CatalogView, VIEW_PARAMS } from "@/lib/catalog/contract";

/** What the address shows now, in the form that views are kept in. */
function shownNow(params: URLSearchParams): string {
  return new URLSearchParams(VIEW_PARAMS.flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? ""]] : []))).toString();
}

/** Filters that a person keeps under a name, and a way to keep what is shown. */
export function SavedViews({ views }: { views: CatalogView[] }) {
  const now = shownNow(useSearchParams());
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  const toast = useToast();
  const known = views.some(({ query }) => query === now);
  const save = async () => {
    const result = await saveView({ name, query: now });
    setError(result.ok ? undefined : result.error.fields[0]?.message);
    if (!result.ok) return result.error.fields.length ? "stay" : result.error.message;
    toast(`The view ${result.data.name} is saved.`);
    setName("");
    return null;
  };
  const { act } = useAct();
  if (views.length === 0 && !now) return null;
  return (
    <section className="saved-views" aria-label="Saved views">
      {views.length ? <h2>Saved views</h2> : null}
      <ul className="bare">
        {views.map((view) => (
          <li key={view.id}>
            <Link className="grow truncate" href={`/catalog?${view.query}`} aria-current={view.query === now ? "true" : undefined} title={view.name}>
              {view.name}
            </Link>
            <Button
              variant="icon"
              aria-label={`Remove view ${view.name}`}
              title="Remove view"
              onClick={() => act(() => deleteView({ id: view.id }), `The view ${view.name} is removed.`)}
            >
              <X className="i" aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      {now && !known ? (
        <Button size="sm" onClick={() => setOpen(true)}>
          Save this view
        </Button>
      ) : null}
      <FormDialog open={isOpen} onOpenChange={setOpen} title="Save this view" submitLabel="Save view" onSubmit={save}>
        <Field id="view-name" label="Name" help="Filters and order are kept for you. The same name is replaced." error={error} required>
          <input {...fieldProps("view-name", error, true)} className="input" value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
      </FormDialog>
    </section>
  );
}
