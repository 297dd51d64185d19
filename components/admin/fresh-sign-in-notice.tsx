import { LinkButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Rights change only after a recent sign-in: says so, and leads there and back. */
export function FreshSignInNotice({ message, returnTo }: { message: string; returnTo: string }) {
  return (
    <Notice
      tone="warning"
      action={
        <LinkButton size="sm" href={`/sign-in?again=1&return=${encodeURIComponent(returnTo)}`}>
          Sign in again
        </LinkButton>
      }
    >
      {message}
    </Notice>
  );
}
