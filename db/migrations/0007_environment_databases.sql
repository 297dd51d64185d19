CREATE TABLE "environment_databases" (
	"environment_id" text NOT NULL,
	"name" text NOT NULL,
	"variable" text NOT NULL,
	"next_password_sealed" text,
	"run_id" text,
	"ready_at" timestamp (3) with time zone,
	"password_changed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "environment_databases_environment_id_name_pk" PRIMARY KEY("environment_id","name")
);
--> statement-breakpoint
ALTER TABLE "environment_databases" ADD CONSTRAINT "environment_databases_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE cascade ON UPDATE no action;