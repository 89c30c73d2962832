CREATE TABLE "own_desks" (
	"device_id" text NOT NULL,
	"user_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"failures" bigint NOT NULL,
	"stage" bigint NOT NULL,
	"locked_until" bigint,
	CONSTRAINT "own_desks_device_id_user_id_pk" PRIMARY KEY("device_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"used_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_names" (
	"key" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"user_id" text,
	"at" bigint NOT NULL,
	"outcome" text NOT NULL,
	"how" text NOT NULL,
	"device_id" text,
	"device" text NOT NULL,
	"origin" text NOT NULL,
	"risk" bigint NOT NULL,
	"signs" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_tickets" (
	"user_id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"hash" text NOT NULL,
	"tries" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "second_factor_for" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "one_sign_in" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "branches" ADD COLUMN "sign_ins_kept_days" bigint DEFAULT 90 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proved_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "origin" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "code" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "phone" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_key" "bytea";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_pending" "bytea";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_since" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_step" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "reset_hash" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "reset_until" bigint;--> statement-breakpoint
ALTER TABLE "own_desks" ADD CONSTRAINT "own_desks_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_desks" ADD CONSTRAINT "own_desks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_desks" ADD CONSTRAINT "own_desks_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_names" ADD CONSTRAINT "sign_in_names_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_names" ADD CONSTRAINT "sign_in_names_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_tickets" ADD CONSTRAINT "sign_in_tickets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_tickets" ADD CONSTRAINT "sign_in_tickets_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recovery_codes_user" ON "recovery_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_in_names_user" ON "sign_in_names" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_ins_branch" ON "sign_ins" USING btree ("branch_id","at");--> statement-breakpoint
CREATE INDEX "sign_ins_user" ON "sign_ins" USING btree ("user_id","at");--> statement-breakpoint
-- Whoever was here before has a code from now on, and signs in by name or code.
UPDATE users SET code = (
  SELECT numbered.code FROM (
    SELECT id, 'U' || lpad((row_number() OVER (ORDER BY created_at, id))::text, 5, '0') AS code FROM users
  ) AS numbered WHERE numbered.id = users.id
);--> statement-breakpoint
INSERT INTO sign_in_names ("key", branch_id, user_id, kind) SELECT username_key, branch_id, id, 'username' FROM users;--> statement-breakpoint
INSERT INTO sign_in_names ("key", branch_id, user_id, kind) SELECT lower(code), branch_id, id, 'code' FROM users WHERE true
  ON CONFLICT DO NOTHING;
