import { EditForm } from "@/components/catalog/edit-form";
import { Notice } from "@/components/ui/notice";
import { isWritableKind } from "@/lib/catalog/contract";
import { entityScope, getEntity } from "@/lib/catalog/queries";
import { isDomainError } from "@/lib/core/errors";
import { orNotFound } from "@/lib/core/page";
import { can } from "@/lib/core/policy";
import { requireSignedIn } from "@/lib/core/session-ctx";
import type { EditPlan } from "@/lib/repositories/contract";
import { planEdit } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
}

export default async function EditEntityPage({ params }: Props) {
  const ctx = await requireSignedIn();
  const entity = await orNotFound(getEntity(ctx, await params));
  const { ref, kind, namespace, name, title, source, goneAt } = entity;
  if (!can(ctx.actor, "entity.edit", await entityScope(ctx, { kind, namespace, name }))) {
    return <Notice tone="info">{title} is edited by owners of its team, by the person who registered it, and by platform admins.</Notice>;
  }
  if (goneAt) return <Notice tone="info">{title} has ended, so it is not edited any more. The notice above offers the way back.</Notice>;
  if (!isWritableKind(kind)) return <Notice tone="info">{String(entity.definition.kind)} is a kind of your own: it is shown here, and changed in its file.</Notice>;
  if (source.type === "git" || source.type === "remote") {
    const plan = await planOrReason(planEdit(ctx, { kind, namespace, name }));
    if (typeof plan === "string") return <Notice tone="info">{plan}</Notice>;
    return <EditForm entity={{ ref, kind, namespace, name, title }} definition={entity.definition} plan={plan} />;
  }
  if (source.type === "url") {
    return (
      <Notice tone="info">
        {title} is read from {source.url}. Change it there: the next reading brings it here.
      </Notice>
    );
  }
  return <EditForm entity={{ ref, kind, namespace, name, title }} definition={entity.definition} />;
}

/** What the repository holds, or why it cannot be edited from here. */
async function planOrReason(answer: Promise<EditPlan>): Promise<EditPlan | string> {
  try {
    return await answer;
  } catch (error) {
    if (isDomainError(error)) return error.message;
    throw error;
  }
}
