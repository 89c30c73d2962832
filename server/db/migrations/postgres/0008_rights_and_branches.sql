ALTER TABLE "branches" ADD COLUMN "idle_sign_out_hours" bigint DEFAULT 168 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "grants" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "platforms" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "ranges" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspended_at" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspended_until" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspended_for" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "password_given" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Whoever was an administrator of the whole clinic goes on being one.
UPDATE users SET roles = '["super_admin",' || substr(roles, 2) WHERE roles LIKE '%"admin"%';
