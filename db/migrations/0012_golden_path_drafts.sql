CREATE TABLE "golden_path_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"version" text NOT NULL,
	"from_version" text,
	"note" text DEFAULT '' NOT NULL,
	"changed_by" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "golden_path_drafts" (
	"name" text PRIMARY KEY NOT NULL,
	"base_version" text,
	"archive" "bytea" NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "golden_path_changes" ADD CONSTRAINT "golden_path_changes_name_golden_paths_name_fk" FOREIGN KEY ("name") REFERENCES "public"."golden_paths"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "golden_path_changes_name" ON "golden_path_changes" USING btree ("name","id");