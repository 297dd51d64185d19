import protobuf from "protobufjs";

// The part of opentelemetry-proto (https://github.com/open-telemetry/opentelemetry-proto, 1.x, stable) that is looked at. Fields that are
// not named here are skipped by the decoder.
const PROTO = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }

message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; repeated Event events = 11; SpanStatus status = 15; fixed32 flags = 16;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message SpanStatus { string message = 2; int32 code = 3; }

message LogsRequest { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message ScopeLogs { repeated LogRecord log_records = 2; }
message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; AnyValue body = 5; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; }

message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; oneof data { Numbers gauge = 5; Numbers sum = 7; Points histogram = 9; Points exponential_histogram = 10; Points summary = 11; } }
message Numbers { repeated NumberDataPoint data_points = 1; }
message NumberDataPoint { fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; }
message Points { repeated Point data_points = 1; }
message Point { fixed64 time_unix_nano = 3; }

message Answer { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; }
`;

export const SIGNALS = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof SIGNALS)[number];

const REQUESTS: Record<Signal, string> = { traces: "TracesRequest", metrics: "MetricsRequest", logs: "LogsRequest" };

let root: protobuf.Root | undefined;

function message(name: string): protobuf.Type {
  root ??= protobuf.parse(PROTO).root;
  return root.lookupType(name);
}

/** A request's body as the tree that OTLP's JSON has too; ids are bytes and moments are 64-bit numbers. Throws when it is malformed. */
export const decodeRequest = (signal: Signal, bytes: Uint8Array): unknown => message(REQUESTS[signal]).decode(bytes);

/** The answer of every signal: what was refused has the same place in all three. */
export function encodeAnswer(partial: { rejected: number; errorMessage: string } | null): Uint8Array {
  return message("Answer")
    .encode(partial ? { partialSuccess: partial } : {})
    .finish();
}

/** `google.rpc.Status`, the body of an OTLP failure. */
export const encodeStatus = (status: { code: number; message: string }): Uint8Array => message("Status").encode(status).finish();
