"use client";

import { RotateCw, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { extendEnvironment, restartEnvironment } from "@/lib/environments/actions";
import type { Environment } from "@/lib/environments/contract";
import { DeleteEnvironment } from "./delete-environment";

export interface EnvironmentRights {
  extend: boolean;
  restart: boolean;
  delete: boolean;
  variables: boolean;
  credentials: boolean;
  deploy: boolean;
}

interface Props {
  environment: Environment;
  may: EnvironmentRights;
  /** Further steps, before those that every environment has. */
  children?: React.ReactNode;
}

export function EnvironmentActions({ environment, may, children }: Props) {
  const [deleting, setDeleting] = useState(false);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const restart = async () => {
    if (pending) return;
    setPending(true);
    const result = await restartEnvironment({ id: environment.id });
    setPending(false);
    if (result.ok) router.push(`/runs/${result.data.run.id}`);
    else toast(result.error.message);
  };
  return (
    <>
      {children}
      {environment.status === "ready" && may.restart ? (
        <Button pending={pending} onClick={restart}>
          <RotateCw className="i" aria-hidden />
          Restart
        </Button>
      ) : null}
      {!["deleted", "deleting"].includes(environment.status) && may.delete ? (
        <Button variant="danger" onClick={() => setDeleting(true)}>
          <Trash2 className="i" aria-hidden />
          Delete
        </Button>
      ) : null}
      <DeleteEnvironment environment={environment} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}

const CHOICES = ["24h", "48h", "7d"];

export function ExtendButtons({ environment }: { environment: Environment }) {
  const [pending, setPending] = useState<string | null>(null);
  const router = useRouter();
  const toast = useToast();
  const extend = async (ttl: string, undone = false) => {
    setPending(ttl);
    const result = await extendEnvironment({ id: environment.id, ttl });
    setPending(null);
    if (!result.ok) toast(result.error.message);
    else if (undone) toast("Put back.");
    else toast(`${environment.name} now ends in ${ttl}.`, undoOf(environment, extend));
    router.refresh();
  };
  return (
    <span className="btn-group" role="group" aria-label="Extend, from now on">
      {CHOICES.map((ttl, index) => (
        <Button key={ttl} size="sm" pending={pending === ttl} onClick={() => extend(ttl)}>
          {index === 0 ? `Extend ${ttl}` : ttl}
        </Button>
      ))}
    </span>
  );
}

/** The way back to what was left before, as far as whole minutes go. */
function undoOf(environment: Environment, extend: (ttl: string, undone: boolean) => Promise<void>) {
  const minutes = environment.expiresAt ? Math.max(1, Math.round((Date.parse(environment.expiresAt) - (performance.timeOrigin + performance.now())) / 60_000)) : 0;
  return minutes ? () => void extend(`${minutes}m`, true) : undefined;
}
