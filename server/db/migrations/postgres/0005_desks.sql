CREATE TABLE "sheet" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"kind" text NOT NULL,
	"device_id" text NOT NULL,
	"actor_id" text NOT NULL,
	"command_id" text NOT NULL,
	"operation" text NOT NULL,
	"refusal" text,
	"facts" text NOT NULL,
	"visit_id" text,
	"patient_id" text,
	"other_patient_id" text,
	"made_at" bigint NOT NULL,
	"settled_at" bigint,
	"settled_by" text,
	"note" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stations" (
	"device_id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"code" text NOT NULL,
	"place" text NOT NULL,
	"key_fingerprint" text NOT NULL,
	"certificate_until" bigint NOT NULL,
	"paired_by" text NOT NULL,
	"app_version" text NOT NULL,
	"unsent" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sheet" ADD CONSTRAINT "sheet_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stations" ADD CONSTRAINT "stations_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stations" ADD CONSTRAINT "stations_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sheet_command" ON "sheet" USING btree ("branch_id","device_id","command_id","kind");--> statement-breakpoint
CREATE INDEX "sheet_open" ON "sheet" USING btree ("branch_id","created_at") WHERE settled_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "stations_code" ON "stations" USING btree ("branch_id","code");--> statement-breakpoint
CREATE UNIQUE INDEX "stations_key" ON "stations" USING btree ("key_fingerprint");