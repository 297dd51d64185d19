/** Where a value is, from the root. */
export type YamlPath = readonly PropertyKey[];

/** What a YAML document says, and where. */
export interface YamlSource {
  data: unknown;
  /** Line (from 1) of the value at the path, or of its nearest ancestor that is there. */
  lineOf(path: YamlPath): number;
  /** Line of the key at the path's end; for an entry of a list, where it begins. */
  keyLineOf(path: YamlPath): number;
}
