CREATE TABLE `profiles` (
	`user_id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`preferences` text NOT NULL,
	`picture` blob,
	`picture_media` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `security_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`credential` text NOT NULL,
	`host` text NOT NULL,
	`name` text NOT NULL,
	`public_key` blob NOT NULL,
	`transports` text NOT NULL,
	`counter` integer NOT NULL,
	`last_used_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `security_keys_credential` ON `security_keys` (`credential`);--> statement-breakpoint
CREATE INDEX `security_keys_user` ON `security_keys` (`user_id`);--> statement-breakpoint
ALTER TABLE `users` ADD `key_since` integer;