CREATE TABLE `pharmacies` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`name` text NOT NULL,
	`licence` text NOT NULL,
	`licence_key` text NOT NULL,
	`email` text,
	`phone` text,
	`address` text,
	`active` integer NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pharmacies_licence` ON `pharmacies` (`branch_id`,`licence_key`);--> statement-breakpoint
ALTER TABLE `branches` ADD `pharmacy_documents` text DEFAULT '[]' NOT NULL;