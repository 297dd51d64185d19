import type { Command } from "../command";
import { portalUrl } from "../credentials";
import { deviceLogin } from "../device-login";
import { requirePortal } from "../session";
import { printJson, tell } from "../terminal";

export const login: Command = {
  name: "login",
  summary: "Signs you in through the browser and keeps the token on this machine",
  options: [],
  async run({ options }) {
    const url = portalUrl(options.url);
    await requirePortal(url);
    const { expiresAt } = await deviceLogin(url);
    if (options.json) printJson({ url, expiresAt });
    if (process.env.WAYMARK_TOKEN) tell("WAYMARK_TOKEN is set and still comes first. Unset it to use this sign-in.");
  },
};
