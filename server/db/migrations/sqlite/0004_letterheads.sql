CREATE TABLE `letterheads` (
	`branch_id` text PRIMARY KEY NOT NULL,
	`address` text,
	`phone` text,
	`footer` text,
	`slip_format` text NOT NULL,
	`paper_language` text NOT NULL,
	`logo` blob,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
