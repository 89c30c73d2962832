CREATE TABLE "pharmacies" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"name" text NOT NULL,
	"licence" text NOT NULL,
	"licence_key" text NOT NULL,
	"email" text,
	"phone" text,
	"address" text,
	"active" boolean NOT NULL,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "pharmacy_documents" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "pharmacies" ADD CONSTRAINT "pharmacies_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "pharmacies_licence" ON "pharmacies" USING btree ("branch_id","licence_key");