import type { ProvisioningConnection } from "@/lib/identity/contract";

/** How a pushed person is known at their first sign-in, in words. */
export const RECOGNISE_WORDS: Record<ProvisioningConnection["recognise"], string> = {
  sub: "externalId is the claim sub",
  oid: "externalId is the claim oid",
  email: "userName is a verified e-mail address",
};

/** What the role rules are tried on, in words. */
export const GROUP_KEY_WORDS: Record<ProvisioningConnection["groupKey"], string> = { displayName: "its name (displayName)", externalId: "its own id (externalId)" };

export type Provider = "okta" | "entra" | "other";

/** What fits each provider as it comes. */
export const PRESETS: Record<Provider, { title: string; name: string; recognise: ProvisioningConnection["recognise"]; groupKey: ProvisioningConnection["groupKey"] }> = {
  okta: { title: "Okta", name: "Okta", recognise: "sub", groupKey: "displayName" },
  entra: { title: "Microsoft Entra ID", name: "Entra ID", recognise: "oid", groupKey: "externalId" },
  other: { title: "Keycloak, JumpCloud or another", name: "", recognise: "sub", groupKey: "displayName" },
};

export const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
