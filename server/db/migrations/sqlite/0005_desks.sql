CREATE TABLE `sheet` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`kind` text NOT NULL,
	`device_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`command_id` text NOT NULL,
	`operation` text NOT NULL,
	`refusal` text,
	`facts` text NOT NULL,
	`visit_id` text,
	`patient_id` text,
	`other_patient_id` text,
	`made_at` integer NOT NULL,
	`settled_at` integer,
	`settled_by` text,
	`note` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sheet_command` ON `sheet` (`branch_id`,`device_id`,`command_id`,`kind`);--> statement-breakpoint
CREATE INDEX `sheet_open` ON `sheet` (`branch_id`,`created_at`) WHERE settled_at is null;--> statement-breakpoint
CREATE TABLE `stations` (
	`device_id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`code` text NOT NULL,
	`place` text NOT NULL,
	`key_fingerprint` text NOT NULL,
	`certificate_until` integer NOT NULL,
	`paired_by` text NOT NULL,
	`app_version` text NOT NULL,
	`unsent` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stations_code` ON `stations` (`branch_id`,`code`);--> statement-breakpoint
CREATE UNIQUE INDEX `stations_key` ON `stations` (`key_fingerprint`);