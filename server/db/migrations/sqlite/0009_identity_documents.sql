CREATE TABLE `identity_files` (
	`id` text PRIMARY KEY NOT NULL,
	`verification_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`kind` text NOT NULL,
	`media` text NOT NULL,
	`bytes` integer NOT NULL,
	`name` blob NOT NULL,
	`content` blob NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`verification_id`) REFERENCES `verifications`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `identity_files_verification` ON `identity_files` (`verification_id`);--> statement-breakpoint
CREATE TABLE `identity_numbers` (
	`verification_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`kind` text NOT NULL,
	`field` text NOT NULL,
	`sealed` blob NOT NULL,
	`blind` text,
	`last_four` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`verification_id`, `kind`, `field`),
	FOREIGN KEY (`verification_id`) REFERENCES `verifications`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `identity_numbers_blind` ON `identity_numbers` (`branch_id`,`blind`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`subject` text NOT NULL,
	`subject_id` text NOT NULL,
	`state` text NOT NULL,
	`remarks` text,
	`submitted_at` integer,
	`decided_at` integer,
	`decided_by` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `verifications_subject` ON `verifications` (`subject`,`subject_id`);--> statement-breakpoint
CREATE INDEX `verifications_newest` ON `verifications` (`branch_id`,`updated_at`,`id`);--> statement-breakpoint
ALTER TABLE `branches` ADD `staff_documents` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `branches` ADD `patient_documents` text DEFAULT '[]' NOT NULL;