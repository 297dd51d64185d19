"use client";

import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { ArrowRight, Box, GitBranch, Library, ListChecks, ListTree, Plus, Search, Signpost, Star, Zap } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { queryClient } from "@/components/ui/query-client";

interface Hit {
  kind: string;
  title: string;
  detail: string;
  href: string;
}

const ICONS = { entity: Library, environment: Box, "golden-path": Signpost, run: ListTree, action: Zap, repository: GitBranch, scorecard: ListChecks };
const ABILITIES = [
  { label: "Create service", href: "/services/new", also: "new" },
  { label: "Create environment", href: "/environments/new", also: "new sandbox" },
  { label: "Run action", href: "/actions" },
  { label: "Import into the catalog", href: "/catalog/import" },
  { label: "Create token", href: "/account?tab=tokens" },
  { label: "Connect an agent", href: "/account?tab=tokens#agents" },
];

async function search(text: string): Promise<Hit[]> {
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`);
  if (!answer.ok) throw new Error("search failed");
  return ((await answer.json()) as { items: Hit[] }).items;
}

/** What the person starred in the catalog, to begin with. */
async function starred(): Promise<{ ref: string; title: string; kind: string; namespace: string; name: string; ownerRef: string | null }[]> {
  const answer = await fetch("/api/v1/entities?scope=starred&limit=8");
  if (!answer.ok) throw new Error("the list of stars failed");
  return ((await answer.json()) as { items: Awaited<ReturnType<typeof starred>> }).items;
}

function Marked({ text, match }: { text: string; match: string }) {
  const at = match ? text.toLowerCase().indexOf(match.toLowerCase()) : -1;
  if (at < 0) return <span className="truncate">{text}</span>;
  return (
    <span className="truncate">
      {text.slice(0, at)}
      <mark>{text.slice(at, at + match.length)}</mark>
      {text.slice(at + match.length)}
    </span>
  );
}

/** ⌘K: abilities, pages, and whatever the search finds. */
export function CommandMenu({ open, onOpenChange, pages }: { open: boolean; onOpenChange: (open: boolean) => void; pages: { label: string; href: string }[] }) {
  const [text, setText] = useState("");
  const router = useRouter();
  const wanted = text.trim();
  const { data: hits = [], isError } = useQuery(
    { queryKey: ["search", wanted], queryFn: () => search(wanted), enabled: open && wanted.length > 1, placeholderData: (before) => before },
    queryClient,
  );
  const { data: stars = [] } = useQuery({ queryKey: ["stars"], queryFn: starred, enabled: open, staleTime: 10_000 }, queryClient);
  const go = (href: string) => {
    onOpenChange(false);
    setText("");
    router.push(href);
  };
  const words = wanted.toLowerCase().split(/\s+/);
  const fits = (label: string) => words.every((word) => label.toLowerCase().includes(word));
  const abilities = ABILITIES.filter(({ label, also = "" }) => fits(`${label} ${also}`));
  const item = (key: string, label: string, href: string, Icon: typeof Box, detail?: string) => (
    <Command.Item key={key} value={key} className="palette-item" onSelect={() => go(href)}>
      <Icon className="i" aria-hidden />
      <Marked text={label} match={wanted} />
      {detail ? <span className="caption">{detail}</span> : null}
    </Command.Item>
  );
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="sr">Search and commands</Dialog.Title>
          <Command shouldFilter={false} label="Search and commands">
            <div className="palette-input">
              <Search className="i" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Service, repository, environment, action, run, page"
                className="grow border-0 bg-transparent outline-none"
              />
              <kbd className="kbd">Esc</kbd>
            </div>
            <Command.List className="max-h-[420px] overflow-auto">
              <Command.Empty className="p-4 text-muted-foreground">{isError ? "The search does not answer. Pages still work." : `Nothing is called “${wanted}”.`}</Command.Empty>
              {!wanted && stars.length ? (
                <Command.Group heading={<span className="caption px-2">Starred</span>} className="palette-group">
                  {stars.map((one) => {
                    const href = `/catalog/${[one.namespace, one.kind, one.name].map((part) => encodeURIComponent(part.toLowerCase())).join("/")}`;
                    return item(`star ${one.ref}`, one.title, href, Star, one.ownerRef?.split("/").at(-1));
                  })}
                </Command.Group>
              ) : null}
              {abilities.length ? (
                <Command.Group heading={<span className="caption px-2">Do</span>} className="palette-group">
                  {abilities.map(({ label, href }) => item(`do ${label}`, label, href, Plus))}
                </Command.Group>
              ) : null}
              {hits.length || pages.some(({ label }) => fits(label)) ? (
                <Command.Group heading={<span className="caption px-2">Open</span>} className="palette-group">
                  {(wanted ? hits : []).map((hit) => item(hit.href, hit.title, hit.href, ICONS[hit.kind as keyof typeof ICONS] ?? ArrowRight, hit.detail))}
                  {pages.filter(({ label }) => fits(label)).map(({ label, href }) => item(`page ${label}`, label, href, ArrowRight, "Page"))}
                </Command.Group>
              ) : null}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
