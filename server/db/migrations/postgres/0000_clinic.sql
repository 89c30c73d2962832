CREATE TABLE "audit" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"branch_id" text,
	"at" bigint NOT NULL,
	"actor_id" text,
	"patient_id" text,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"record" text NOT NULL,
	"detail" "bytea",
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_checkpoints" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"hash" text NOT NULL,
	"signature" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backups" (
	"id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"verified" boolean NOT NULL,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "boards" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"name" text NOT NULL,
	"names" text NOT NULL,
	"queue_ids" text NOT NULL,
	"notice" text,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "branches" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"roll_over_hour" bigint NOT NULL,
	"registration_pattern" text NOT NULL,
	"backup_folder" text,
	"demo" boolean NOT NULL,
	"open_day" text NOT NULL,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"visit_id" text NOT NULL,
	"step_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"room_id" text NOT NULL,
	"at" bigint NOT NULL,
	"shown_at" bigint,
	"spoken_at" bigint
);
--> statement-breakpoint
CREATE TABLE "closed_days" (
	"branch_id" text NOT NULL,
	"day" text NOT NULL,
	"closed_at" bigint NOT NULL,
	"no_shows" bigint NOT NULL,
	"cancelled" bigint NOT NULL,
	"accuracy" text,
	CONSTRAINT "closed_days_branch_id_day_pk" PRIMARY KEY("branch_id","day")
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"actor_id" text NOT NULL,
	"device_id" text NOT NULL,
	"command_id" text NOT NULL,
	"operation" text NOT NULL,
	"body_hash" text NOT NULL,
	"answer" "bytea" NOT NULL,
	"sealed_for" text,
	"at" bigint NOT NULL,
	CONSTRAINT "commands_actor_id_device_id_command_id_pk" PRIMARY KEY("actor_id","device_id","command_id")
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"series" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"revoked_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"at" bigint NOT NULL,
	"event" text NOT NULL,
	"payload" text NOT NULL,
	"command_id" text
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"done" bigint NOT NULL,
	"total" bigint,
	"result" text,
	"problem" text,
	"started_by" text NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "merges" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"into_id" text NOT NULL,
	"visit_ids" text NOT NULL,
	"numbers" text NOT NULL,
	"at" bigint NOT NULL,
	"undone_at" bigint
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_keys" (
	"patient_id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"wrapped" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_numbers" (
	"branch_id" text NOT NULL,
	"number" text NOT NULL,
	"patient_id" text NOT NULL,
	CONSTRAINT "patient_numbers_branch_id_number_pk" PRIMARY KEY("branch_id","number")
);
--> statement-breakpoint
CREATE TABLE "patient_search" (
	"row" bigint PRIMARY KEY NOT NULL,
	"patient_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"text" text NOT NULL,
	"archived" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_words" (
	"word" text NOT NULL,
	"start" text NOT NULL,
	"row" bigint NOT NULL,
	CONSTRAINT "patient_words_row_word_pk" PRIMARY KEY("row","word")
);
--> statement-breakpoint
CREATE TABLE "patients" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"registration_number" text NOT NULL,
	"name" text NOT NULL,
	"birth_date" text,
	"birth_date_estimated" boolean NOT NULL,
	"sex" text NOT NULL,
	"phone" text,
	"address" text,
	"category" text NOT NULL,
	"next_of_kin_name" text,
	"next_of_kin_phone" text,
	"notes" text,
	"allergies" text NOT NULL,
	"identified" boolean NOT NULL,
	"external_id" text,
	"archived_at" bigint,
	"merged_into_id" text,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"state" text NOT NULL,
	"policy" text NOT NULL,
	"run" text NOT NULL,
	"return_to" text NOT NULL,
	"rejoin_after" bigint NOT NULL,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "room_workers" (
	"user_id" text PRIMARY KEY NOT NULL,
	"room_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"since" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"capacity" bigint NOT NULL,
	"queue_ids" text NOT NULL,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"name" text PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"user_id" text NOT NULL,
	"device_id" text NOT NULL,
	"seed" text NOT NULL,
	"generation" bigint NOT NULL,
	"rotated_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"ended_at" bigint,
	"end_reason" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spellings" (
	"key" text NOT NULL,
	"word" text NOT NULL,
	CONSTRAINT "spellings_key_word_pk" PRIMARY KEY("key","word")
);
--> statement-breakpoint
CREATE TABLE "step_transitions" (
	"from_state" text NOT NULL,
	"command" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "step_transitions_from_state_command_to_state_pk" PRIMARY KEY("from_state","command","to_state")
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"branch_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"clinic_day" text NOT NULL,
	"sequence" bigint NOT NULL,
	"state" text NOT NULL,
	"version" bigint NOT NULL,
	"last_command" text NOT NULL,
	"priority" text NOT NULL,
	"senior_at" bigint NOT NULL,
	"waiting_since" bigint NOT NULL,
	"behind" bigint NOT NULL,
	"ahead" boolean NOT NULL,
	"for_room_id" text,
	"for_staff_id" text,
	"return_to_step_id" text,
	"room_id" text,
	"staff_id" text,
	"call_count" bigint NOT NULL,
	"called_at" bigint,
	"entered_at" bigint,
	"ended_at" bigint,
	"end_reason" text,
	"estimate_low" bigint,
	"estimate_high" bigint
);
--> statement-breakpoint
CREATE TABLE "undoable" (
	"command_id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"actor_id" text NOT NULL,
	"at" bigint NOT NULL,
	"before" text NOT NULL,
	"made" text NOT NULL,
	"versions" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"username" text NOT NULL,
	"username_key" text NOT NULL,
	"name" text NOT NULL,
	"roles" text NOT NULL,
	"board_id" text,
	"password_hash" text NOT NULL,
	"active" boolean NOT NULL,
	"failures" bigint NOT NULL,
	"stage" bigint NOT NULL,
	"locked_until" bigint,
	"last_sign_in_at" bigint,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visit_history" (
	"id" text NOT NULL,
	"branch_id" text NOT NULL,
	"visit_id" text NOT NULL,
	"step_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"command_id" text NOT NULL,
	"command" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"actor_id" text NOT NULL,
	"at" bigint NOT NULL,
	"reason" text,
	"out_of_order" boolean NOT NULL,
	CONSTRAINT "visit_history_visit_id_id_pk" PRIMARY KEY("visit_id","id")
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"id" text PRIMARY KEY NOT NULL,
	"branch_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"clinic_day" text NOT NULL,
	"token" text NOT NULL,
	"token_queue_id" text NOT NULL,
	"token_number" bigint NOT NULL,
	"station_code" text,
	"current_step_id" text NOT NULL,
	"reason" text,
	"arrived_at" bigint NOT NULL,
	"issued_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "boards" ADD CONSTRAINT "boards_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_visit_id_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "closed_days" ADD CONSTRAINT "closed_days_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counters" ADD CONSTRAINT "counters_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed" ADD CONSTRAINT "feed_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merges" ADD CONSTRAINT "merges_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merges" ADD CONSTRAINT "merges_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "merges" ADD CONSTRAINT "merges_into_id_patients_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_keys" ADD CONSTRAINT "patient_keys_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_numbers" ADD CONSTRAINT "patient_numbers_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_numbers" ADD CONSTRAINT "patient_numbers_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_search" ADD CONSTRAINT "patient_search_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_search" ADD CONSTRAINT "patient_search_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patients" ADD CONSTRAINT "patients_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_workers" ADD CONSTRAINT "room_workers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_workers" ADD CONSTRAINT "room_workers_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_workers" ADD CONSTRAINT "room_workers_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_visit_id_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "undoable" ADD CONSTRAINT "undoable_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_history" ADD CONSTRAINT "visit_history_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_history" ADD CONSTRAINT "visit_history_visit_id_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_token_queue_id_queues_id_fk" FOREIGN KEY ("token_queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_patient" ON "audit" USING btree ("patient_id","seq");--> statement-breakpoint
CREATE INDEX "calls_step" ON "calls" USING btree ("step_id","seq");--> statement-breakpoint
CREATE INDEX "calls_branch" ON "calls" USING btree ("branch_id","at");--> statement-breakpoint
CREATE INDEX "commands_at" ON "commands" USING btree ("at");--> statement-breakpoint
CREATE INDEX "jobs_started" ON "jobs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "merges_patient" ON "merges" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "patient_numbers_patient" ON "patient_numbers" USING btree ("patient_id");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_search_patient" ON "patient_search" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "patient_words_start" ON "patient_words" USING btree ("start","row");--> statement-breakpoint
CREATE UNIQUE INDEX "patients_number" ON "patients" USING btree ("branch_id","registration_number");--> statement-breakpoint
CREATE UNIQUE INDEX "patients_external" ON "patients" USING btree ("branch_id","external_id");--> statement-breakpoint
CREATE INDEX "patients_name" ON "patients" USING btree ("branch_id","name");--> statement-breakpoint
CREATE INDEX "patients_newest" ON "patients" USING btree ("branch_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "queues_code" ON "queues" USING btree ("branch_id","code");--> statement-breakpoint
CREATE UNIQUE INDEX "queues_name" ON "queues" USING btree ("branch_id","name_key");--> statement-breakpoint
CREATE INDEX "room_workers_room" ON "room_workers" USING btree ("room_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rooms_name" ON "rooms" USING btree ("branch_id","name_key");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "steps_visit" ON "steps" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "steps_line" ON "steps" USING btree ("queue_id","clinic_day","state","priority","waiting_since","behind","ahead");--> statement-breakpoint
CREATE INDEX "steps_room" ON "steps" USING btree ("room_id","state") WHERE room_id is not null;--> statement-breakpoint
CREATE INDEX "steps_served" ON "steps" USING btree ("queue_id","ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "undoable_at" ON "undoable" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username" ON "users" USING btree ("username_key");--> statement-breakpoint
CREATE INDEX "users_branch" ON "users" USING btree ("branch_id");--> statement-breakpoint
CREATE UNIQUE INDEX "visits_token" ON "visits" USING btree ("branch_id","clinic_day","token");--> statement-breakpoint
CREATE INDEX "visits_patient" ON "visits" USING btree ("patient_id","clinic_day");