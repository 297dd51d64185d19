export interface TypedText {
  path: string;
  text: string;
}

/** Texts that were typed on a page and not saved when it was closed. */
export interface LeftText {
  /** When the last of it was typed. */
  at: string;
  /** Revision of the draft that it was typed on. */
  revision: number;
  texts: TypedText[];
}

const isText = (value: unknown): value is TypedText =>
  typeof value === "object" && value !== null && "path" in value && typeof value.path === "string" && "text" in value && typeof value.text === "string";

/** What is typed, in this browser too, from one key to the next: a tab may be gone before it is saved. */
export class TypedCopy {
  constructor(
    private readonly key: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  ) {}

  /** What was left; null for nothing, and for what cannot be read. */
  read(): LeftText | null {
    try {
      const { at, revision, texts } = JSON.parse(this.storage.getItem(this.key) ?? "null") ?? {};
      const kept = Array.isArray(texts) ? texts.filter(isText) : [];
      return typeof at === "string" && typeof revision === "number" && kept.length ? { at, revision, texts: kept } : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** Keeps these in the place of what was kept; nothing of nothing. A browser that is full keeps none, and the page saves all the same. */
  keep(left: LeftText): void {
    try {
      if (left.texts.length === 0) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify(left));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.storage.removeItem(this.key);
    }
  }
}
