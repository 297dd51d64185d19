CREATE TABLE "scim_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"recognise" text NOT NULL,
	"group_key" text NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"last_request_at" timestamp (3) with time zone,
	"last_request" text,
	"last_status" integer,
	"last_agent" text,
	CONSTRAINT "scim_connections_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "scim_group_members" (
	"group_id" text NOT NULL,
	"person_id" text NOT NULL,
	CONSTRAINT "scim_group_members_group_id_person_id_pk" PRIMARY KEY("group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "scim_groups" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"display_name" text NOT NULL,
	"external_id" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scim_people" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"user_id" text NOT NULL,
	"user_name" text NOT NULL,
	"external_id" text,
	"is_active" boolean NOT NULL,
	"attributes" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "scim_problems" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"request" text NOT NULL,
	"status" integer NOT NULL,
	"scim_type" text,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scim_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"hash" text NOT NULL,
	"prefix" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "scim_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "disabled_by" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "directory_id" text;--> statement-breakpoint
ALTER TABLE "scim_connections" ADD CONSTRAINT "scim_connections_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_group_id_scim_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."scim_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group_members" ADD CONSTRAINT "scim_group_members_person_id_scim_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."scim_people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_groups" ADD CONSTRAINT "scim_groups_connection_id_scim_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."scim_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_people" ADD CONSTRAINT "scim_people_connection_id_scim_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."scim_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_people" ADD CONSTRAINT "scim_people_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_problems" ADD CONSTRAINT "scim_problems_connection_id_scim_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."scim_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_tokens" ADD CONSTRAINT "scim_tokens_connection_id_scim_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."scim_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "scim_group_members_person" ON "scim_group_members" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "scim_groups_display_name" ON "scim_groups" USING btree ("connection_id",lower("display_name"));--> statement-breakpoint
CREATE UNIQUE INDEX "scim_groups_external_id" ON "scim_groups" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "scim_people_user_name" ON "scim_people" USING btree (lower("user_name")) WHERE "scim_people"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "scim_people_external_id" ON "scim_people" USING btree ("connection_id","external_id") WHERE "scim_people"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "scim_people_user" ON "scim_people" USING btree ("user_id") WHERE "scim_people"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "scim_people_known" ON "scim_people" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "scim_people_order" ON "scim_people" USING btree ("connection_id","created_at","id");--> statement-breakpoint
CREATE INDEX "scim_problems_connection" ON "scim_problems" USING btree ("connection_id","at");--> statement-breakpoint
CREATE INDEX "scim_tokens_connection" ON "scim_tokens" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "users_directory_id" ON "users" USING btree ("directory_id");