import { describe, expect, it } from "vitest";
import type { ActionResult } from "@/lib/core/action";
import type { DraftChange, GoldenPathDraft } from "@/lib/golden-paths/contract";
import { type DraftServer, DraftStore } from "./draft-store";

type Saved = ActionResult<{ draft: GoldenPathDraft }>;

/** A server with one draft, as lib/golden-paths keeps it; the next answers can be set. */
class Server implements DraftServer {
  revision = 1;
  texts: Record<string, string> = { "template.yaml": "one", "b.txt": "b" };
  refuse: Saved | "silent" | null = null;
  saves: DraftChange[][] = [];

  async save({ revision, changes }: { revision: number; changes: DraftChange[] }): Promise<Saved> {
    if (this.refuse === "silent") throw new TypeError("fetch failed");
    if (this.refuse) return this.refuse;
    if (revision !== this.revision) return { ok: false, error: { code: "conflict", message: "olga saved this draft", fields: [] } };
    this.saves.push(changes);
    for (const change of changes) if (change.type === "write") this.texts[change.path] = change.text;
    this.revision += 1;
    return { ok: true, data: { draft: await this.draft() } };
  }

  async draft(): Promise<GoldenPathDraft> {
    const files = Object.keys(this.texts).map((path) => ({ path, bytes: 1, isText: true, isExecutable: false, state: "same" as const }));
    const at = "2026-01-01T00:00:00.000Z";
    return {
      name: "x",
      baseVersion: "1.0.0",
      currentVersion: "1.0.0",
      suggestedVersion: "1.1.0",
      revision: this.revision,
      updatedAt: at,
      updatedBy: "pat",
      createdAt: at,
      createdBy: "pat",
      files,
    };
  }

  async file(path: string) {
    return { path, text: this.texts[path] ?? null, bytes: 1, baseText: "base" };
  }
}

async function store(server = new Server()) {
  return { server, draft: new DraftStore(await server.draft(), [await server.file("template.yaml")], server, 60_000) };
}

describe("DraftStore", () => {
  it("saves what was typed, once, with the revision of the save before", async () => {
    const { server, draft } = await store();
    draft.edit("template.yaml", "two");
    expect(draft.read().save).toEqual({ at: "waiting" });
    await draft.flush();
    draft.edit("template.yaml", "three");
    draft.edit("template.yaml", "four");
    await Promise.all([draft.flush(), draft.flush()]);
    expect(server.saves).toEqual([[{ type: "write", path: "template.yaml", text: "two" }], [{ type: "write", path: "template.yaml", text: "four" }]]);
    expect(draft.read().save).toEqual({ at: "saved" });
    expect(draft.unsaved()).toEqual([]);
  });

  it("keeps what is typed while a save is under way", async () => {
    const { server, draft } = await store();
    draft.edit("template.yaml", "two");
    const saving = draft.flush();
    await Promise.resolve();
    draft.edit("template.yaml", "two and more");
    await saving;
    expect(server.texts["template.yaml"]).toBe("two");
    expect(draft.unsaved()).toEqual([{ path: "template.yaml", text: "two and more" }]);
    expect(draft.read().save).toEqual({ at: "waiting" });
  });

  it.each<[string, Saved | "silent", string]>([
    ["the portal is gone", "silent", "does not answer"],
    ["the session ended", { ok: false, error: { code: "unauthenticated", message: "Sign in first.", fields: [] } }, "Sign in first."],
  ])("keeps the text when %s, and saves it later", async (_name, refuse, message) => {
    const { server, draft } = await store();
    server.refuse = refuse;
    draft.edit("template.yaml", "two");
    expect(await draft.flush()).toBe(false);
    expect(draft.read().save).toMatchObject({ at: "failed", message: expect.stringContaining(message) });
    expect(draft.read().texts.get("template.yaml")?.text).toBe("two");
    server.refuse = null;
    expect(await draft.flush()).toBe(true);
    expect(server.texts["template.yaml"]).toBe("two");
  });

  it("does not save over somebody else's by itself; mine goes on top of theirs when I say so", async () => {
    const { server, draft } = await store();
    await server.save({ revision: 1, changes: [{ type: "write", path: "b.txt", text: "theirs" }] });
    draft.edit("template.yaml", "mine");
    expect(await draft.flush()).toBe(false);
    expect(draft.read().save).toMatchObject({ at: "conflict" });
    draft.edit("template.yaml", "mine, further");
    expect(draft.read().save).toMatchObject({ at: "conflict" });
    expect(await draft.keepMine()).toBe(true);
    expect(server.texts).toMatchObject({ "template.yaml": "mine, further", "b.txt": "theirs" });
  });

  it("shows theirs when I give mine up", async () => {
    const { server, draft } = await store();
    await server.save({ revision: 1, changes: [{ type: "write", path: "template.yaml", text: "theirs" }] });
    draft.edit("template.yaml", "mine");
    await draft.flush();
    await draft.takeTheirs();
    expect(draft.read().texts.get("template.yaml")).toEqual({ text: "theirs", saved: "theirs", base: "base" });
    expect(draft.read().draft.revision).toBe(2);
    expect(draft.read().save).toEqual({ at: "saved" });
  });

  it("forgets the texts of files that moved", async () => {
    const { draft } = await store();
    await draft.open("b.txt");
    await draft.flush([{ type: "rename", from: "b.txt", to: "c.txt" }]);
    expect([...draft.read().texts.keys()]).toEqual(["template.yaml"]);
  });
});
