-- The transitions that a step may make; domain/visit.ts is where they are decided, a test equates the two.
INSERT INTO step_transitions (from_state, command, to_state) VALUES
  ('waiting', 'call', 'called'),
  ('called', 'recall', 'called'),
  ('called', 'enter', 'in_room'),
  ('in_room', 'finish', 'done'),
  ('called', 'return', 'waiting'),
  ('in_room', 'return', 'waiting'),
  ('called', 'no-show', 'no_show'),
  ('no_show', 'rejoin', 'waiting'),
  ('waiting', 'park', 'parked'),
  ('called', 'park', 'parked'),
  ('in_room', 'park', 'parked'),
  ('parked', 'resume', 'waiting'),
  ('waiting', 'transfer', 'transferred'),
  ('called', 'transfer', 'transferred'),
  ('in_room', 'transfer', 'transferred'),
  ('waiting', 'cancel', 'cancelled'),
  ('called', 'cancel', 'cancelled'),
  ('parked', 'cancel', 'cancelled'),
  ('no_show', 'cancel', 'cancelled'),
  ('waiting', 'close-day', 'cancelled'),
  ('called', 'close-day', 'cancelled'),
  ('in_room', 'close-day', 'cancelled'),
  ('parked', 'close-day', 'cancelled'),
  ('called', 'close-day', 'no_show'),
  ('waiting', 'undo', 'cancelled'),
  ('called', 'undo', 'waiting'),
  ('in_room', 'undo', 'called'),
  ('done', 'undo', 'in_room'),
  ('waiting', 'undo', 'called'),
  ('waiting', 'undo', 'in_room'),
  ('no_show', 'undo', 'called'),
  ('waiting', 'undo', 'no_show'),
  ('parked', 'undo', 'waiting'),
  ('parked', 'undo', 'called'),
  ('parked', 'undo', 'in_room'),
  ('waiting', 'undo', 'parked'),
  ('transferred', 'undo', 'waiting'),
  ('transferred', 'undo', 'called'),
  ('transferred', 'undo', 'in_room'),
  ('cancelled', 'undo', 'waiting'),
  ('cancelled', 'undo', 'called'),
  ('cancelled', 'undo', 'parked'),
  ('cancelled', 'undo', 'no_show'),
  ('cancelled', 'undo', 'in_room');
--> statement-breakpoint
CREATE TRIGGER steps_begin_waiting BEFORE INSERT ON steps
WHEN NEW.state <> 'waiting' AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'restoring')
BEGIN SELECT RAISE(ABORT, 'a step begins waiting'); END;
--> statement-breakpoint
CREATE TRIGGER steps_move_by_the_table BEFORE UPDATE OF state ON steps
WHEN NEW.state <> OLD.state AND NOT EXISTS (
  SELECT 1 FROM step_transitions WHERE from_state = OLD.state AND command = NEW.last_command AND to_state = NEW.state
)
BEGIN SELECT RAISE(ABORT, 'no such transition'); END;
--> statement-breakpoint
CREATE TRIGGER visits_are_kept BEFORE DELETE ON visits
BEGIN SELECT RAISE(ABORT, 'visits are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER steps_are_kept BEFORE DELETE ON steps
BEGIN SELECT RAISE(ABORT, 'steps are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER patients_are_kept BEFORE DELETE ON patients
BEGIN SELECT RAISE(ABORT, 'patients are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER visit_history_are_kept BEFORE DELETE ON visit_history
BEGIN SELECT RAISE(ABORT, 'visit_history are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER calls_are_kept BEFORE DELETE ON calls
BEGIN SELECT RAISE(ABORT, 'calls are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER audit_are_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_are_kept BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER audit_stand_as_written BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_stand_as_written BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER visit_history_stand_as_written BEFORE UPDATE ON visit_history
BEGIN SELECT RAISE(ABORT, 'visit_history are append-only'); END;
--> statement-breakpoint
CREATE VIRTUAL TABLE patient_text USING fts5(text, content = 'patient_search', content_rowid = 'row', tokenize = 'trigram');
--> statement-breakpoint
CREATE TRIGGER patient_text_insert AFTER INSERT ON patient_search
BEGIN INSERT INTO patient_text (rowid, text) VALUES (NEW.row, NEW.text); END;
--> statement-breakpoint
CREATE TRIGGER patient_text_update AFTER UPDATE OF text ON patient_search
BEGIN
  INSERT INTO patient_text (patient_text, rowid, text) VALUES ('delete', OLD.row, OLD.text);
  INSERT INTO patient_text (rowid, text) VALUES (NEW.row, NEW.text);
END;
