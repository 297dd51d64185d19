import type { ActionResult } from "@/lib/core/action";
import type { DraftChange, FileText, GoldenPathDraft } from "@/lib/golden-paths/contract";

// What the person typed is never given up: it stays here through refusals, lost connections and other people's saves until it is
// saved or they decide against it.

export interface OpenText {
  /** As it stands in the editor; null for what is no text. */
  text: string | null;
  /** As the server last had it. */
  saved: string | null;
  /** As in the version the draft began from. */
  base: string | null;
}

export type SaveState = { at: "saved" } | { at: "waiting" } | { at: "saving" } | { at: "failed"; message: string } | { at: "conflict"; message: string };

export interface DraftSnapshot {
  draft: GoldenPathDraft;
  texts: ReadonlyMap<string, OpenText>;
  save: SaveState;
}

export interface DraftServer {
  save(input: { name: string; revision: number; changes: DraftChange[] }): Promise<ActionResult<{ draft: GoldenPathDraft }>>;
  draft(): Promise<GoldenPathDraft>;
  file(path: string): Promise<FileText>;
}

const AUTOSAVE_MS = 1_200;

export class DraftStore {
  private snapshot: DraftSnapshot;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private saving: Promise<boolean> = Promise.resolve(true);

  constructor(
    draft: GoldenPathDraft,
    opened: FileText[],
    private readonly server: DraftServer,
    private readonly autosaveMs = AUTOSAVE_MS,
  ) {
    this.snapshot = { draft, texts: new Map(opened.map((file) => [file.path, asOpened(file)])), save: { at: "saved" } };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  read = (): DraftSnapshot => this.snapshot;

  /** Loads a file's text unless it is here already. */
  async open(path: string): Promise<void> {
    if (this.snapshot.texts.has(path)) return;
    const file = await this.server.file(path);
    if (!this.snapshot.texts.has(path)) this.put(path, asOpened(file));
  }

  edit(path: string, text: string): void {
    const known = this.snapshot.texts.get(path);
    if (!known || known.text === text) return;
    this.put(path, { ...known, text });
    if (this.snapshot.save.at === "conflict") return;
    this.set({ save: { at: "waiting" } });
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), this.autosaveMs);
  }

  /** Texts that the server does not have yet. */
  unsaved(): { path: string; text: string }[] {
    return [...this.snapshot.texts].flatMap(([path, { text, saved }]) => (text !== null && text !== saved ? [{ path, text }] : []));
  }

  /** Saves what is typed, then applies further changes. True when everything is on the server. */
  flush(further: DraftChange[] = []): Promise<boolean> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    // One save at a time, so that each names the revision that the one before it made.
    this.saving = this.saving.then(() => this.saveNow(further));
    return this.saving;
  }

  /** Takes the newest state of the server as the ground and puts what was typed here on top of it. */
  async keepMine(): Promise<boolean> {
    this.set({ draft: await this.server.draft(), save: { at: "waiting" } });
    return this.flush();
  }

  /** Gives up what was typed here and shows what the server has. */
  async takeTheirs(): Promise<void> {
    const paths = [...this.snapshot.texts.keys()];
    const draft = await this.server.draft();
    const there = paths.filter((path) => draft.files.some((file) => file.path === path));
    const files = await Promise.all(there.map((path) => this.server.file(path)));
    this.set({ draft, texts: new Map(files.map((file) => [file.path, asOpened(file)])), save: { at: "saved" } });
  }

  private async saveNow(further: DraftChange[]): Promise<boolean> {
    const typed = this.unsaved();
    const changes: DraftChange[] = [...typed.map(({ path, text }) => ({ type: "write" as const, path, text })), ...further];
    if (changes.length === 0) {
      if (this.snapshot.save.at === "waiting") this.set({ save: { at: "saved" } });
      return true;
    }
    this.set({ save: { at: "saving" } });
    const { name, revision } = this.snapshot.draft;
    const result = await this.server.save({ name, revision, changes }).catch(() => null);
    if (result?.ok) {
      this.saved(typed, further, result.data.draft);
      return true;
    }
    const message = result?.error.message ?? "The portal does not answer. What you typed is kept here; it is saved with your next change.";
    this.set({ save: { at: result?.error.code === "conflict" ? "conflict" : "failed", message } });
    return false;
  }

  private saved(typed: { path: string; text: string }[], further: DraftChange[], draft: GoldenPathDraft): void {
    const texts = new Map(this.snapshot.texts);
    for (const { path, text } of typed) {
      const known = texts.get(path);
      if (known) texts.set(path, { ...known, saved: text });
    }
    for (const change of further) forget(texts, change);
    this.set({ draft, texts, save: this.hasUnsaved(texts) ? { at: "waiting" } : { at: "saved" } });
    if (this.hasUnsaved(texts) && !this.timer) this.timer = setTimeout(() => void this.flush(), this.autosaveMs);
  }

  private hasUnsaved(texts: ReadonlyMap<string, OpenText>): boolean {
    return [...texts.values()].some(({ text, saved }) => text !== saved);
  }

  private put(path: string, text: OpenText): void {
    this.set({ texts: new Map(this.snapshot.texts).set(path, text) });
  }

  private set(change: Partial<DraftSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}

function asOpened({ text, baseText }: FileText): OpenText {
  return { text, saved: text, base: baseText };
}

/** Files that moved or went are loaded again under their new names. */
function forget(texts: Map<string, OpenText>, change: DraftChange): void {
  const gone = change.type === "rename" ? change.from : change.path;
  for (const path of [...texts.keys()]) if (path === gone || path.startsWith(`${gone}/`)) texts.delete(path);
}
