ALTER TABLE `branches` ADD `idle_sign_out_hours` integer DEFAULT 168 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `grants` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `platforms` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `ranges` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_until` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_for` text;--> statement-breakpoint
ALTER TABLE `users` ADD `password_given` integer DEFAULT false NOT NULL;--> statement-breakpoint
-- Whoever was an administrator of the whole clinic goes on being one.
UPDATE users SET roles = '["super_admin",' || substr(roles, 2) WHERE roles LIKE '%"admin"%';
