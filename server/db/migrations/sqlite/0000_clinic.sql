CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`branch_id` text,
	`at` integer NOT NULL,
	`actor_id` text,
	`patient_id` text,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`record` text NOT NULL,
	`detail` blob,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_patient` ON `audit` (`patient_id`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_checkpoints` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`hash` text NOT NULL,
	`signature` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `backups` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`path` text NOT NULL,
	`bytes` integer NOT NULL,
	`verified` integer NOT NULL,
	`problem` text
);
--> statement-breakpoint
CREATE TABLE `boards` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`name` text NOT NULL,
	`names` text NOT NULL,
	`queue_ids` text NOT NULL,
	`notice` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `branches` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`roll_over_hour` integer NOT NULL,
	`registration_pattern` text NOT NULL,
	`backup_folder` text,
	`demo` integer NOT NULL,
	`open_day` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `calls` (
	`seq` integer PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`visit_id` text NOT NULL,
	`step_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`room_id` text NOT NULL,
	`at` integer NOT NULL,
	`shown_at` integer,
	`spoken_at` integer,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`visit_id`) REFERENCES `visits`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `calls_step` ON `calls` (`step_id`,`seq`);--> statement-breakpoint
CREATE INDEX `calls_branch` ON `calls` (`branch_id`,`at`);--> statement-breakpoint
CREATE TABLE `closed_days` (
	`branch_id` text NOT NULL,
	`day` text NOT NULL,
	`closed_at` integer NOT NULL,
	`no_shows` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`accuracy` text,
	PRIMARY KEY(`branch_id`, `day`),
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `commands` (
	`actor_id` text NOT NULL,
	`device_id` text NOT NULL,
	`command_id` text NOT NULL,
	`operation` text NOT NULL,
	`body_hash` text NOT NULL,
	`answer` blob NOT NULL,
	`sealed_for` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`actor_id`, `device_id`, `command_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `commands_at` ON `commands` (`at`);--> statement-breakpoint
CREATE TABLE `counters` (
	`series` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`value` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`last_seen_at` integer NOT NULL,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `feed` (
	`seq` integer PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`at` integer NOT NULL,
	`event` text NOT NULL,
	`payload` text NOT NULL,
	`command_id` text,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`done` integer NOT NULL,
	`total` integer,
	`result` text,
	`problem` text,
	`started_by` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `jobs_started` ON `jobs` (`started_at`);--> statement-breakpoint
CREATE TABLE `merges` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`into_id` text NOT NULL,
	`visit_ids` text NOT NULL,
	`numbers` text NOT NULL,
	`at` integer NOT NULL,
	`undone_at` integer,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`patient_id`) REFERENCES `patients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`into_id`) REFERENCES `patients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `merges_patient` ON `merges` (`patient_id`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `patient_keys` (
	`patient_id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`wrapped` blob NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `patient_numbers` (
	`branch_id` text NOT NULL,
	`number` text NOT NULL,
	`patient_id` text NOT NULL,
	PRIMARY KEY(`branch_id`, `number`),
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`patient_id`) REFERENCES `patients`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `patient_numbers_patient` ON `patient_numbers` (`patient_id`);--> statement-breakpoint
CREATE TABLE `patient_search` (
	`row` integer PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`text` text NOT NULL,
	`archived` integer NOT NULL,
	FOREIGN KEY (`patient_id`) REFERENCES `patients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `patient_search_patient` ON `patient_search` (`patient_id`);--> statement-breakpoint
CREATE TABLE `patient_words` (
	`word` text NOT NULL,
	`start` text NOT NULL,
	`row` integer NOT NULL,
	PRIMARY KEY(`row`, `word`)
);
--> statement-breakpoint
CREATE INDEX `patient_words_start` ON `patient_words` (`start`,`row`);--> statement-breakpoint
CREATE TABLE `patients` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`registration_number` text NOT NULL,
	`name` text NOT NULL,
	`birth_date` text,
	`birth_date_estimated` integer NOT NULL,
	`sex` text NOT NULL,
	`phone` text,
	`address` text,
	`category` text NOT NULL,
	`next_of_kin_name` text,
	`next_of_kin_phone` text,
	`notes` text,
	`allergies` text NOT NULL,
	`identified` integer NOT NULL,
	`external_id` text,
	`archived_at` integer,
	`merged_into_id` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `patients_number` ON `patients` (`branch_id`,`registration_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `patients_external` ON `patients` (`branch_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `patients_name` ON `patients` (`branch_id`,`name`);--> statement-breakpoint
CREATE INDEX `patients_newest` ON `patients` (`branch_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `queues` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`code` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`state` text NOT NULL,
	`policy` text NOT NULL,
	`run` text NOT NULL,
	`return_to` text NOT NULL,
	`rejoin_after` integer NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queues_code` ON `queues` (`branch_id`,`code`);--> statement-breakpoint
CREATE UNIQUE INDEX `queues_name` ON `queues` (`branch_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `room_workers` (
	`user_id` text PRIMARY KEY NOT NULL,
	`room_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`since` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`room_id`) REFERENCES `rooms`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `room_workers_room` ON `room_workers` (`room_id`);--> statement-breakpoint
CREATE TABLE `rooms` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`capacity` integer NOT NULL,
	`queue_ids` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rooms_name` ON `rooms` (`branch_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`name` text PRIMARY KEY NOT NULL,
	`wrapped` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`user_id` text NOT NULL,
	`device_id` text NOT NULL,
	`seed` text NOT NULL,
	`generation` integer NOT NULL,
	`rotated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`end_reason` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`device_id`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `spellings` (
	`key` text NOT NULL,
	`word` text NOT NULL,
	PRIMARY KEY(`key`, `word`)
);
--> statement-breakpoint
CREATE TABLE `step_transitions` (
	`from_state` text NOT NULL,
	`command` text NOT NULL,
	`to_state` text NOT NULL,
	PRIMARY KEY(`from_state`, `command`, `to_state`)
);
--> statement-breakpoint
CREATE TABLE `steps` (
	`id` text PRIMARY KEY NOT NULL,
	`visit_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`clinic_day` text NOT NULL,
	`sequence` integer NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`last_command` text NOT NULL,
	`priority` text NOT NULL,
	`senior_at` integer NOT NULL,
	`waiting_since` integer NOT NULL,
	`behind` integer NOT NULL,
	`ahead` integer NOT NULL,
	`for_room_id` text,
	`for_staff_id` text,
	`return_to_step_id` text,
	`room_id` text,
	`staff_id` text,
	`call_count` integer NOT NULL,
	`called_at` integer,
	`entered_at` integer,
	`ended_at` integer,
	`end_reason` text,
	`estimate_low` integer,
	`estimate_high` integer,
	FOREIGN KEY (`visit_id`) REFERENCES `visits`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `steps_visit` ON `steps` (`visit_id`);--> statement-breakpoint
CREATE INDEX `steps_line` ON `steps` (`queue_id`,`clinic_day`,`state`,`priority`,`waiting_since`,`behind`,`ahead`);--> statement-breakpoint
CREATE INDEX `steps_room` ON `steps` (`room_id`,`state`) WHERE room_id is not null;--> statement-breakpoint
CREATE INDEX `steps_served` ON `steps` (`queue_id`,`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE TABLE `undoable` (
	`command_id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	`before` text NOT NULL,
	`made` text NOT NULL,
	`versions` text NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `undoable_at` ON `undoable` (`at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`username` text NOT NULL,
	`username_key` text NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`board_id` text,
	`password_hash` text NOT NULL,
	`active` integer NOT NULL,
	`failures` integer NOT NULL,
	`stage` integer NOT NULL,
	`locked_until` integer,
	`last_sign_in_at` integer,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (`username_key`);--> statement-breakpoint
CREATE INDEX `users_branch` ON `users` (`branch_id`);--> statement-breakpoint
CREATE TABLE `visit_history` (
	`id` text NOT NULL,
	`branch_id` text NOT NULL,
	`visit_id` text NOT NULL,
	`step_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`command_id` text NOT NULL,
	`command` text NOT NULL,
	`from_state` text,
	`to_state` text NOT NULL,
	`actor_id` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text,
	`out_of_order` integer NOT NULL,
	PRIMARY KEY(`visit_id`, `id`),
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`visit_id`) REFERENCES `visits`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `visits` (
	`id` text PRIMARY KEY NOT NULL,
	`branch_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`clinic_day` text NOT NULL,
	`token` text NOT NULL,
	`token_queue_id` text NOT NULL,
	`token_number` integer NOT NULL,
	`station_code` text,
	`current_step_id` text NOT NULL,
	`reason` text,
	`arrived_at` integer NOT NULL,
	`issued_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`branch_id`) REFERENCES `branches`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`patient_id`) REFERENCES `patients`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`token_queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `visits_token` ON `visits` (`branch_id`,`clinic_day`,`token`);--> statement-breakpoint
CREATE INDEX `visits_patient` ON `visits` (`patient_id`,`clinic_day`);