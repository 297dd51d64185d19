"use client";

import { setNonce } from "get-nonce";
import { ThemeProvider } from "next-themes";
import { type ReactNode, useState } from "react";
import { ToastProvider } from "./ui/toast";

export function Providers({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
  // A refresh brings the nonce of its own answer, but the browser goes by the one the page was loaded with.
  const [ofPage] = useState(nonce);
  // Radix' scroll lock and the code editor inject style elements, which the content security policy allows only with the nonce.
  if (ofPage) setNonce(ofPage);
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange {...(ofPage ? { nonce: ofPage } : {})}>
      <ToastProvider>{children}</ToastProvider>
    </ThemeProvider>
  );
}
