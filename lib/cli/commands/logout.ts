import type { Command } from "../command";
import { forgetToken, portalUrl } from "../credentials";
import { print, printJson, tell } from "../terminal";
import { readable } from "../time";

export const logout: Command = {
  name: "logout",
  summary: "Forgets the token that `login` kept",
  options: [],
  async run({ options }) {
    const url = portalUrl(options.url);
    const expiresAt = forgetToken(url);
    if (options.json) return printJson({ url, wasSignedIn: expiresAt !== null });
    print(expiresAt ? `Signed out of ${url}` : `You were not signed in to ${url}`);
    if (expiresAt) tell(`The token itself is valid until ${readable(expiresAt)}. End it at once under ${url}/account`);
  },
};
