CREATE TABLE `account_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`username` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`phone` text,
	`roles` text NOT NULL,
	`note` text,
	`password_hash` text,
	`state` text NOT NULL,
	`reason` text,
	`decided_by` text,
	`decided_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`decided_by`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `account_requests_branch` ON `account_requests` (`branch_id`,`state`);--> statement-breakpoint
ALTER TABLE `branches` ADD `self_registration` integer DEFAULT false NOT NULL;