CREATE TABLE "identity_files" (
	"id" text PRIMARY KEY NOT NULL,
	"verification_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"kind" text NOT NULL,
	"media" text NOT NULL,
	"bytes" bigint NOT NULL,
	"name" "bytea" NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity_numbers" (
	"verification_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"kind" text NOT NULL,
	"field" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"blind" text,
	"last_four" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "identity_numbers_verification_id_kind_field_pk" PRIMARY KEY("verification_id","kind","field")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"subject" text NOT NULL,
	"subject_id" text NOT NULL,
	"state" text NOT NULL,
	"remarks" text,
	"submitted_at" bigint,
	"decided_at" bigint,
	"decided_by" text,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "staff_documents" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "patient_documents" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "identity_files" ADD CONSTRAINT "identity_files_verification_id_verifications_id_fk" FOREIGN KEY ("verification_id") REFERENCES "public"."verifications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_files" ADD CONSTRAINT "identity_files_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_numbers" ADD CONSTRAINT "identity_numbers_verification_id_verifications_id_fk" FOREIGN KEY ("verification_id") REFERENCES "public"."verifications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_numbers" ADD CONSTRAINT "identity_numbers_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identity_files_verification" ON "identity_files" USING btree ("verification_id");--> statement-breakpoint
CREATE INDEX "identity_numbers_blind" ON "identity_numbers" USING btree ("branch_id","blind");--> statement-breakpoint
CREATE UNIQUE INDEX "verifications_subject" ON "verifications" USING btree ("subject","subject_id");--> statement-breakpoint
CREATE INDEX "verifications_newest" ON "verifications" USING btree ("branch_id","updated_at","id");