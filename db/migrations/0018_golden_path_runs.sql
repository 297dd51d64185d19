CREATE TABLE "golden_path_runs" (
	"run_id" text PRIMARY KEY NOT NULL,
	"secrets_sealed" text,
	"output" json,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "golden_path_runs" ADD CONSTRAINT "golden_path_runs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;