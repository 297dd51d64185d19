"use client";

import { X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { Button } from "./button";

interface Message {
  id: number;
  text: string;
  undo?: (() => void) | undefined;
}

const SHOWN_MS = 6_000;
const Context = createContext<(text: string, undo?: () => void) => void>(() => {});

/** Says what was done, with a way back where there is one. Errors that need reading belong on the page instead. */
export const useToast = () => useContext(Context);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const drop = useCallback((id: number) => setMessages((all) => all.filter((message) => message.id !== id)), []);
  const show = useCallback(
    (text: string, undo?: () => void) => {
      const id = performance.now();
      setMessages((all) => [...all.slice(-2), { id, text, undo }]);
      setTimeout(() => drop(id), SHOWN_MS);
    },
    [drop],
  );
  const list = useMemo(() => messages, [messages]);
  return (
    <Context value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list.map((message) => (
          <div key={message.id} className="toast">
            <span className="grow">{message.text}</span>
            {message.undo ? (
              <Button
                size="sm"
                onClick={() => {
                  message.undo?.();
                  drop(message.id);
                }}
              >
                Undo
              </Button>
            ) : null}
            <Button variant="icon" aria-label="Dismiss" onClick={() => drop(message.id)}>
              <X className="i" aria-hidden />
            </Button>
          </div>
        ))}
      </div>
    </Context>
  );
}
