-- What is signed does not change, whoever asks: a trigger beside the privileges, in our own SQL and not in the ORM's.

CREATE OR REPLACE FUNCTION refuse_signed_note() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a signed note does not change' USING ERRCODE = '23514', CONSTRAINT = 'signed_note_is_final';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.session_id <> OLD.session_id OR NEW.course_id <> OLD.course_id OR NEW.author_id <> OLD.author_id THEN
    RAISE EXCEPTION 'a note stays with its session and its author' USING ERRCODE = '23514', CONSTRAINT = 'note_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER signed_note_is_final BEFORE UPDATE OR DELETE ON therapy_sessions_note
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_note();

-- A note that is born signed would have passed no signing.
CREATE OR REPLACE FUNCTION refuse_born_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.signed_at IS NOT NULL AND current_user = 'ipt_app' THEN
    RAISE EXCEPTION 'a note begins as a draft' USING ERRCODE = '23514', CONSTRAINT = 'note_begins_as_draft';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER note_begins_as_draft BEFORE INSERT ON therapy_sessions_note
  FOR EACH ROW EXECUTE FUNCTION refuse_born_signed();

CREATE OR REPLACE FUNCTION refuse_locked() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.locked_at IS NOT NULL THEN
    RAISE EXCEPTION 'this belongs to a signed session' USING ERRCODE = '23514', CONSTRAINT = 'signed_note_is_final';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER locked_response_is_final BEFORE UPDATE OR DELETE ON outcomes_response
  FOR EACH ROW EXECUTE FUNCTION refuse_locked();
CREATE OR REPLACE TRIGGER locked_reflection_is_final BEFORE UPDATE OR DELETE ON therapy_sessions_reflection
  FOR EACH ROW EXECUTE FUNCTION refuse_locked();

-- Focus areas and responses of a session are part of what was signed.
CREATE OR REPLACE FUNCTION refuse_child_of_signed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched uuid[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.session_id] WHEN 'DELETE' THEN ARRAY[OLD.session_id]
                          ELSE ARRAY[OLD.session_id, NEW.session_id] END;
BEGIN
  IF EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.session_id = ANY (touched) AND n.signed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'this belongs to a signed session' USING ERRCODE = '23514', CONSTRAINT = 'signed_note_is_final';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_child_of_signed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER focus_of_signed_session BEFORE INSERT OR UPDATE OR DELETE ON therapy_sessions_sessionfocus
  FOR EACH ROW EXECUTE FUNCTION refuse_child_of_signed();
CREATE OR REPLACE TRIGGER response_of_signed_session BEFORE INSERT OR UPDATE OR DELETE ON therapy_sessions_sessionresponse
  FOR EACH ROW EXECUTE FUNCTION refuse_child_of_signed();

-- Of a session whose note is signed, only number (renumbering) and the mark of an error may still change.
CREATE OR REPLACE FUNCTION refuse_facts_of_signed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.course_id, NEW.therapist_id, NEW.kind, NEW.appointment_type, NEW.starts_at, NEW.minutes, NEW.mode, NEW.phase,
      NEW.phase_reason, NEW.room_id, NEW.attendance_at, NEW.attendance_by_id) IS DISTINCT FROM
     (OLD.course_id, OLD.therapist_id, OLD.kind, OLD.appointment_type, OLD.starts_at, OLD.minutes, OLD.mode, OLD.phase,
      OLD.phase_reason, OLD.room_id, OLD.attendance_at, OLD.attendance_by_id)
     OR NEW.attendance IS DISTINCT FROM OLD.attendance THEN
    IF EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.session_id = OLD.id AND n.signed_at IS NOT NULL) THEN
      RAISE EXCEPTION 'this session is signed' USING ERRCODE = '23514', CONSTRAINT = 'signed_note_is_final';
    END IF;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_facts_of_signed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER facts_of_signed_session BEFORE UPDATE ON therapy_sessions_therapysession
  FOR EACH ROW EXECUTE FUNCTION refuse_facts_of_signed();

-- An answered alert stays as it was raised; a closed one stays closed.
CREATE OR REPLACE FUNCTION refuse_alert_undone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.course_id, NEW.response_id, NEW.item, NEW.raised_at) IS DISTINCT FROM
     (OLD.course_id, OLD.response_id, OLD.item, OLD.raised_at) OR OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'an alert is not undone' USING ERRCODE = '23514', CONSTRAINT = 'alert_is_not_undone';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER alert_is_not_undone BEFORE UPDATE ON outcomes_alert
  FOR EACH ROW EXECUTE FUNCTION refuse_alert_undone();
