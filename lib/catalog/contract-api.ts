// Shapes of what APIs offer; seen from outside through contract.ts.

export interface ApiField {
  name: string;
  type: string;
  required: boolean;
  description: string | null;
}

export interface ApiOperation {
  /** Tag or service that it stands under; empty for none. */
  group: string;
  /** `GET`, `PUBLISH`, `QUERY`, `RPC`, … */
  verb: string;
  name: string;
  summary: string | null;
  deprecated: boolean;
  input: ApiField[];
  output: ApiField[];
}

export interface ApiType {
  name: string;
  kind: string;
  description: string | null;
  fields: ApiField[];
}

/** What an API offers, in one shape for all formats. */
export interface ApiDescription {
  format: "openapi" | "asyncapi" | "graphql" | "grpc" | "other";
  title: string | null;
  version: string | null;
  servers: string[];
  operations: ApiOperation[];
  types: ApiType[];
  /** Why the definition could not be read; null where it could. */
  problem: string | null;
}

/** An API beside a component or system. */
export interface ApiLine {
  ref: string;
  title: string;
  type: string | null;
  lifecycle: string | null;
  ownerRef: string | null;
  /** False for a reference to an API that the catalog does not have. */
  exists: boolean;
  standing: "provides" | "uses" | "holds";
  providers: number;
  consumers: number;
}
