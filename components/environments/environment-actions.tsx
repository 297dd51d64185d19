"use client";

import { RotateCw, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { restartEnvironment } from "@/lib/environments/actions";
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
