CREATE TABLE "letterheads" (
	"branch_id" text PRIMARY KEY NOT NULL,
	"address" text,
	"phone" text,
	"footer" text,
	"slip_format" text NOT NULL,
	"paper_language" text NOT NULL,
	"logo" "bytea",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "letterheads" ADD CONSTRAINT "letterheads_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;