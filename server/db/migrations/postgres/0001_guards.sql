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
CREATE FUNCTION steps_begin_waiting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> 'waiting' AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'restoring') THEN
    RAISE EXCEPTION 'a step begins waiting';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER steps_begin_waiting BEFORE INSERT ON steps FOR EACH ROW EXECUTE FUNCTION steps_begin_waiting();
--> statement-breakpoint
CREATE FUNCTION steps_move_by_the_table() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM step_transitions WHERE from_state = OLD.state AND command = NEW.last_command AND to_state = NEW.state
  ) THEN
    RAISE EXCEPTION 'no such transition';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER steps_move_by_the_table BEFORE UPDATE OF state ON steps FOR EACH ROW EXECUTE FUNCTION steps_move_by_the_table();
--> statement-breakpoint
CREATE FUNCTION rows_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '% are never deleted', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER visits_are_kept BEFORE DELETE ON visits FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER steps_are_kept BEFORE DELETE ON steps FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER patients_are_kept BEFORE DELETE ON patients FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER visit_history_are_kept BEFORE DELETE ON visit_history FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER calls_are_kept BEFORE DELETE ON calls FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER audit_are_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_are_kept BEFORE DELETE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION rows_are_kept();
--> statement-breakpoint
CREATE FUNCTION rows_stand_as_written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_stand_as_written BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION rows_stand_as_written();
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_stand_as_written BEFORE UPDATE ON audit_checkpoints FOR EACH ROW EXECUTE FUNCTION rows_stand_as_written();
--> statement-breakpoint
CREATE TRIGGER visit_history_stand_as_written BEFORE UPDATE ON visit_history FOR EACH ROW EXECUTE FUNCTION rows_stand_as_written();
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX patient_search_text ON patient_search USING gin (text gin_trgm_ops);
