/** The cookies of one browser, for one or several origins on loopback that do not clash. */
export class CookieJar {
  private readonly cookies = new Map<string, string>();

  /** Remembers what a response sets and forgets what it ends. */
  keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", ...value] = pair.split("=");
      const ends = /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line);
      if (ends) this.cookies.delete(name);
      else this.cookies.set(name, value.join("="));
    }
    return response;
  }

  get(name: string): string | undefined {
    return this.cookies.get(name);
  }

  set(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  names(): string[] {
    return [...this.cookies.keys()];
  }

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
