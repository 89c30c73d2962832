CREATE TABLE `visit_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`visit_id` text NOT NULL,
	`author_id` text NOT NULL,
	`day` text NOT NULL,
	`text` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`visit_id`) REFERENCES `visits`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visit_notes_own` ON `visit_notes` (`visit_id`,`author_id`,`day`);