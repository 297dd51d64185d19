import { z } from "zod";

export const Notification = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  body: z.string(),
  href: z.string(),
  createdAt: z.string(),
  readAt: z.string().nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const CHANNELS = ["email", "chat"] as const;
export type Channel = (typeof CHANNELS)[number];

const SENDER = /^[^\s@<>]+@[^\s@<>]+$|^[^<>\r\n]{1,100} <[^\s@<>]+@[^\s@<>]+>$/;

/** The password is in the address; left out, the stored address stays. */
export const ConnectMail = z.strictObject({
  url: z
    .string()
    .trim()
    .max(500)
    .regex(/^smtps?:\/\/\S+$/, "Write smtps://name:password@host or smtp://host:25.")
    .refine((text) => URL.canParse(text), "This is no address. Write smtps://name:password@host, with special characters of the password percent-encoded.")
    .optional(),
  from: z.string().trim().max(200).regex(SENDER, "Enter a sender such as waymark@example.com or Waymark <waymark@example.com>."),
});

export const ConnectChat = z.strictObject({
  url: z
    .string()
    .trim()
    .max(1_000)
    .regex(/^https?:\/\/\S+$/, "Enter the address of an incoming webhook, https://…")
    .refine((text) => URL.canParse(text), "This is no address."),
});

export const OfChannel = z.strictObject({ channel: z.enum(CHANNELS) });

/** How messages leave the portal over one channel. Secrets never leave the server. */
export interface ChannelState {
  channel: Channel;
  /** `environment`: set by SMTP_URL, which wins over what is stored and cannot be changed here. */
  source: "environment" | "stored" | "none";
  host: string | null;
  from: string | null;
  waiting: number;
  sentLately: number;
  /** The latest message that did not go out, of the last seven days. */
  lastProblem: { title: string; problem: string; at: string } | null;
  lastSentAt: string | null;
}
