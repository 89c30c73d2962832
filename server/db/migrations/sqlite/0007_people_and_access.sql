CREATE TABLE `own_desks` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`failures` integer NOT NULL,
	`stage` integer NOT NULL,
	`locked_until` integer,
	PRIMARY KEY(`device_id`, `user_id`),
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`used_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_user` ON `recovery_codes` (`user_id`);--> statement-breakpoint
CREATE TABLE `sign_in_names` (
	`key` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sign_in_names_user` ON `sign_in_names` (`user_id`);--> statement-breakpoint
CREATE TABLE `sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`user_id` text,
	`at` integer NOT NULL,
	`outcome` text NOT NULL,
	`how` text NOT NULL,
	`device_id` text,
	`device` text NOT NULL,
	`origin` text NOT NULL,
	`risk` integer NOT NULL,
	`signs` text NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sign_ins_branch` ON `sign_ins` (`branch_id`,`at`);--> statement-breakpoint
CREATE INDEX `sign_ins_user` ON `sign_ins` (`user_id`,`at`);--> statement-breakpoint
CREATE TABLE `sign_in_tickets` (
	`user_id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`hash` text NOT NULL,
	`tries` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `branches` ADD `second_factor_for` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `branches` ADD `one_sign_in` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `branches` ADD `sign_ins_kept_days` integer DEFAULT 90 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `proved_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `origin` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `code` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `email` text;--> statement-breakpoint
ALTER TABLE `users` ADD `phone` text;--> statement-breakpoint
ALTER TABLE `users` ADD `totp_key` blob;--> statement-breakpoint
ALTER TABLE `users` ADD `totp_pending` blob;--> statement-breakpoint
ALTER TABLE `users` ADD `totp_since` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `totp_step` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `reset_hash` text;--> statement-breakpoint
ALTER TABLE `users` ADD `reset_until` integer;--> statement-breakpoint
-- Whoever was here before has a code from now on, and signs in by name or code.
UPDATE users SET code = (
  SELECT numbered.code FROM (
    SELECT id, 'U' || substr('00000' || row_number() OVER (ORDER BY created_at, id), -5) AS code FROM users
  ) AS numbered WHERE numbered.id = users.id
);--> statement-breakpoint
INSERT INTO sign_in_names ("key", branch_id, user_id, kind) SELECT username_key, branch_id, id, 'username' FROM users;--> statement-breakpoint
INSERT INTO sign_in_names ("key", branch_id, user_id, kind) SELECT lower(code), branch_id, id, 'code' FROM users WHERE true
  ON CONFLICT DO NOTHING;
