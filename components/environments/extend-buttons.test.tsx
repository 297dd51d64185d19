import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { Environment } from "@/lib/environments/contract";
import { ExtendButtons } from "./extend-buttons";
import { extendedWords } from "./use-extend";

const { ask, extend } = vi.hoisted(() => ({ ask: vi.fn(), extend: vi.fn() }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => {} }) }));
vi.mock("@/lib/environments/actions", () => ({ checkExtendEnvironment: ask, extendEnvironment: extend }));

test("buttons ask nothing with the page, and say nothing of guardrails yet", () => {
  const html = renderToStaticMarkup(<ExtendButtons environment={{ id: "env_1", name: "basket" } as Environment} />);
  expect(html).toContain("Extend 24h");
  expect(html).not.toContain("Guardrails");
  expect(ask).not.toHaveBeenCalled();
  expect(extend).not.toHaveBeenCalled();
});

test("what guardrails let through with a warning is said with what was done", () => {
  expect(extendedWords("basket now ends in 7d.", [])).toBe("basket now ends in 7d.");
  expect(extendedWords("basket now ends in 7d.", [{ message: "That is long.", fix: "Take a day." }])).toBe("basket now ends in 7d. That is long. Take a day.");
});
