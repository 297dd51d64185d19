import { ArrowRight } from "lucide-react";
import { Button } from "@/components/ui/button";
import { initials } from "@/lib/core/format";

export interface DemoChoice {
  handle: string;
  name: string;
  introduction: string;
  purpose: string;
}

/** A plain form, so that signing in works before any script has loaded; `again` asks the provider for a fresh sign-in. */
export function SignInPanel({ people, returnTo, again }: { people: DemoChoice[]; returnTo: string; again: boolean }) {
  return (
    <form className="stack-4" method="post" action="/api/auth/signin/oidc">
      <input type="hidden" name="callbackUrl" value={returnTo} />
      {again ? <input type="hidden" name="again" value="1" /> : null}
      {people.length ? (
        <ul className="panel" aria-label="Demo people">
          {people.map((person) => (
            <li key={person.handle}>
              <button type="submit" className="person" name="person" value={person.handle}>
                <span className="initials" aria-hidden>
                  {initials(person.name)}
                </span>
                <span>
                  <span className="block">
                    <span className="strong">{person.name}</span> <span className="muted">{person.introduction}</span>
                  </span>
                  <span className="muted">{person.purpose}</span>
                </span>
                <ArrowRight className="i" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Button type="submit" variant="primary">
          Sign in with your company account
        </Button>
      )}
    </form>
  );
}
