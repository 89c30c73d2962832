CREATE TABLE "mail_servers" (
	"branch_id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"port" bigint NOT NULL,
	"security" text NOT NULL,
	"username" text,
	"password" "bytea",
	"sender" text NOT NULL,
	"ca" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailed_codes" (
	"user_id" text NOT NULL,
	"purpose" text NOT NULL,
	"branch_id" text NOT NULL,
	"hash" text,
	"tries" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"sends" bigint NOT NULL,
	"counted_from" bigint NOT NULL,
	"sent_at" bigint NOT NULL,
	CONSTRAINT "mailed_codes_user_id_purpose_pk" PRIMARY KEY("user_id","purpose")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_verified_at" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_codes" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "mail_servers" ADD CONSTRAINT "mail_servers_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailed_codes" ADD CONSTRAINT "mailed_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailed_codes" ADD CONSTRAINT "mailed_codes_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;