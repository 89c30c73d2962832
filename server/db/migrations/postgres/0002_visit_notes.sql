CREATE TABLE "visit_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"visit_id" text NOT NULL,
	"author_id" text NOT NULL,
	"day" text NOT NULL,
	"text" text NOT NULL,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "visit_notes" ADD CONSTRAINT "visit_notes_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_notes" ADD CONSTRAINT "visit_notes_visit_id_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "visit_notes_own" ON "visit_notes" USING btree ("visit_id","author_id","day");