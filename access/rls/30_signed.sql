-- What is signed does not change, whoever asks: a trigger beside the privileges, in our own SQL and not in the ORM's.

CREATE OR REPLACE FUNCTION refuse_signed_note() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a signed note does not change' USING ERRCODE = '23514', CONSTRAINT = 'signed_note_is_final';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF (NEW.kind, NEW.session_id, NEW.adds_to_id, NEW.carried_from, NEW.course_id, NEW.author_id) IS DISTINCT FROM
     (OLD.kind, OLD.session_id, OLD.adds_to_id, OLD.carried_from, OLD.course_id, OLD.author_id) THEN
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

-- A trainee's note waits for a co-signature from the moment of signing, whatever the page says.
CREATE OR REPLACE FUNCTION refuse_wrong_cosign() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.needs_cosign IS DISTINCT FROM (NEW.kind <> 'supervised' AND (SELECT u.is_trainee FROM staff_user u WHERE u.id = NEW.author_id)) THEN
    RAISE EXCEPTION 'a trainee signs for co-signing' USING ERRCODE = '23514', CONSTRAINT = 'trainees_sign_for_cosigning';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER trainees_sign_for_cosigning BEFORE UPDATE ON therapy_sessions_note FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
  EXECUTE FUNCTION refuse_wrong_cosign();

-- Nobody dates a signature: it would hide a late entry, or an addendum behind a decision that was made before it.
CREATE OR REPLACE FUNCTION refuse_date_of_signing() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.signed_at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '1 minute' THEN
    RAISE EXCEPTION 'this is dated when it is made' USING ERRCODE = '23514', CONSTRAINT = 'dated_when_made';
  END IF;
  IF EXISTS (SELECT 1 FROM therapy_sessions_cosignature c WHERE c.note_id = NEW.adds_to_id AND c.at >= NEW.signed_at) THEN
    RAISE EXCEPTION 'a decision was made meanwhile' USING ERRCODE = '23514', CONSTRAINT = 'dated_when_made';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_date_of_signing() FROM PUBLIC;
CREATE OR REPLACE TRIGGER signature_dated_when_made BEFORE UPDATE ON therapy_sessions_note FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
  EXECUTE FUNCTION refuse_date_of_signing();

-- An addendum adds to a signed note of the same course, by its author or by the lead.
CREATE OR REPLACE FUNCTION refuse_addendum() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = NEW.adds_to_id AND n.signed_at IS NOT NULL
      AND n.adds_to_id IS NULL AND n.course_id = NEW.course_id AND (n.author_id = NEW.author_id OR i_am('lead'))
      AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)) THEN
    RAISE EXCEPTION 'this cannot be added to' USING ERRCODE = '23514', CONSTRAINT = 'addendum_by_the_author_or_the_lead';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_addendum() FROM PUBLIC;
CREATE OR REPLACE TRIGGER addendum_by_the_author_or_the_lead BEFORE INSERT ON therapy_sessions_note FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.kind = 'addendum') EXECUTE FUNCTION refuse_addendum();

-- Decisions and entries in error are added and never change.
CREATE OR REPLACE FUNCTION refuse_any_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'this is never changed' USING ERRCODE = '23514', CONSTRAINT = 'stays_as_written';
END $$;
CREATE OR REPLACE TRIGGER decision_is_final BEFORE UPDATE OR DELETE ON therapy_sessions_cosignature
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER entry_in_error_is_final BEFORE UPDATE OR DELETE ON therapy_sessions_enteredinerror
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();

-- A note is struck out by its author or the lead; a session with a note is struck out with it.
CREATE OR REPLACE FUNCTION refuse_striking() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.session_id = NEW.session_id AND n.id IS DISTINCT FROM NEW.note_id)
     OR EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = NEW.note_id
       AND (n.session_id IS DISTINCT FROM NEW.session_id
         OR n.author_id <> NEW.by_id AND NOT (i_am('lead') AND n.signed_at IS NOT NULL))) THEN
    RAISE EXCEPTION 'a note is struck out by its author' USING ERRCODE = '23514', CONSTRAINT = 'struck_out_by_the_author';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_striking() FROM PUBLIC;
CREATE OR REPLACE TRIGGER struck_out_by_the_author BEFORE INSERT ON therapy_sessions_enteredinerror FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_striking();

-- A session is marked as struck out by whoever said why, and stays so.
CREATE OR REPLACE FUNCTION refuse_mark_of_error() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.entered_in_error_at IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.session_id = NEW.id AND e.by_id = (SELECT me())) THEN
    RAISE EXCEPTION 'say why first' USING ERRCODE = '23514', CONSTRAINT = 'struck_out_by_the_author';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_mark_of_error() FROM PUBLIC;
CREATE OR REPLACE TRIGGER marked_with_a_reason BEFORE UPDATE ON therapy_sessions_therapysession FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.entered_in_error_at IS DISTINCT FROM OLD.entered_in_error_at)
  EXECUTE FUNCTION refuse_mark_of_error();

-- What is struck out stays as it is: its draft is not written on or signed, nor is what hangs on the session.
CREATE OR REPLACE FUNCTION refuse_struck_out() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE is_struck boolean;
BEGIN
  CASE TG_ARGV[0]
    WHEN 'note' THEN
      SELECT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e
        WHERE e.note_id IN (NEW.id, NEW.adds_to_id) OR e.session_id = NEW.session_id) INTO is_struck;
    WHEN 'response' THEN
      SELECT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e
        JOIN therapy_sessions_sessionresponse s ON s.session_id = e.session_id WHERE s.response_id = NEW.id) INTO is_struck;
    WHEN 'session' THEN
      SELECT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.session_id = NEW.session_id) INTO is_struck;
    WHEN 'taken away' THEN
      SELECT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.session_id = OLD.session_id) INTO is_struck;
  END CASE;
  IF is_struck THEN
    RAISE EXCEPTION 'this was entered in error' USING ERRCODE = '23514', CONSTRAINT = 'struck_out_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_struck_out() FROM PUBLIC;
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE INSERT OR UPDATE ON therapy_sessions_note
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('note');
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE UPDATE ON outcomes_response
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('response');
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE INSERT OR UPDATE ON therapy_sessions_reflection
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('session');
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE INSERT OR UPDATE ON therapy_sessions_sessionfocus
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('session');
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE INSERT OR UPDATE ON therapy_sessions_sessionresponse
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('session');
CREATE OR REPLACE TRIGGER struck_out_is_not_taken_away BEFORE DELETE ON therapy_sessions_sessionfocus
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('taken away');
CREATE OR REPLACE TRIGGER struck_out_is_not_taken_away BEFORE DELETE ON therapy_sessions_sessionresponse
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_struck_out('taken away');

-- A decision and an entry in error are dated when they are made: what is dated ahead would answer later addenda too.
CREATE OR REPLACE FUNCTION refuse_other_date() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '1 minute' THEN
    RAISE EXCEPTION 'this is dated when it is made' USING ERRCODE = '23514', CONSTRAINT = 'dated_when_made';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER dated_when_made BEFORE INSERT ON therapy_sessions_cosignature
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_other_date();
CREATE OR REPLACE TRIGGER dated_when_made BEFORE INSERT ON therapy_sessions_enteredinerror
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_other_date();

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

-- An alert stays as it was raised; a closed one stays closed.
CREATE OR REPLACE FUNCTION refuse_alert_undone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.course_id, NEW.kind, NEW.response_id, NEW.item, NEW.words, NEW.raised_by_id, NEW.raised_at) IS DISTINCT FROM
     (OLD.course_id, OLD.kind, OLD.response_id, OLD.item, OLD.words, OLD.raised_by_id, OLD.raised_at)
     OR OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'an alert is not undone' USING ERRCODE = '23514', CONSTRAINT = 'alert_is_not_undone';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER alert_is_not_undone BEFORE UPDATE ON outcomes_alert
  FOR EACH ROW EXECUTE FUNCTION refuse_alert_undone();

-- What was done, who was told, what was agreed and given: added and never changed.
CREATE OR REPLACE TRIGGER alert_act_is_final BEFORE UPDATE OR DELETE ON outcomes_alertact
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER telling_is_final BEFORE UPDATE OR DELETE ON outcomes_alerttold
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER safety_plan_is_final BEFORE UPDATE OR DELETE ON outcomes_safetyplan
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER copy_is_final BEFORE UPDATE OR DELETE ON outcomes_safetyplancopy
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER giving_is_final BEFORE UPDATE OR DELETE ON therapy_sessions_lettergiven
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER case_signature_is_final BEFORE UPDATE OR DELETE ON supervision_casesignature
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER flag_answer_is_final BEFORE UPDATE OR DELETE ON supervision_flaganswer
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER rating_form_is_final BEFORE UPDATE OR DELETE ON supervision_ratingform
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER session_rating_is_final BEFORE UPDATE OR DELETE ON supervision_rating
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER dated_when_made BEFORE INSERT ON supervision_casesignature
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_other_date();
CREATE OR REPLACE TRIGGER dated_when_made BEFORE INSERT ON supervision_flaganswer
  FOR EACH ROW WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_other_date();
CREATE OR REPLACE TRIGGER rating_is_final BEFORE UPDATE OR DELETE ON outcomes_goalrating
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER wording_is_final BEFORE UPDATE OR DELETE ON outcomes_clinicwording
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER expected_is_final BEFORE UPDATE OR DELETE ON outcomes_expectedmodel
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE OR REPLACE TRIGGER expected_is_final BEFORE UPDATE OR DELETE ON outcomes_expectedband
  FOR EACH ROW EXECUTE FUNCTION refuse_any_change();

-- A signal stays as it was raised, and is reviewed once.
CREATE OR REPLACE FUNCTION refuse_signal_undone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.course_id, NEW.measure, NEW.rule, NEW.response_id, NEW.session_number, NEW.baseline, NEW.score, NEW."limit",
      NEW.model_id, NEW.raised_at) IS DISTINCT FROM
     (OLD.course_id, OLD.measure, OLD.rule, OLD.response_id, OLD.session_number, OLD.baseline, OLD.score, OLD."limit",
      OLD.model_id, OLD.raised_at) OR OLD.reviewed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a signal is not undone' USING ERRCODE = '23514', CONSTRAINT = 'signal_is_not_undone';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER signal_is_not_undone BEFORE UPDATE ON outcomes_signal
  FOR EACH ROW EXECUTE FUNCTION refuse_signal_undone();

-- What a client answered by link is the client's: nobody who works here changes it, they lock it or say that it is in error.
CREATE OR REPLACE TRIGGER the_clients_own_answers BEFORE UPDATE ON outcomes_response FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND OLD.link_id IS NOT NULL AND me() IS NOT NULL
    AND (NEW.answers, NEW.total, NEW.unscored, NEW.without_work, NEW.taken_at)
      IS DISTINCT FROM (OLD.answers, OLD.total, OLD.unscored, OLD.without_work, OLD.taken_at))
  EXECUTE FUNCTION refuse_any_change();
-- Once in error, for good.
CREATE OR REPLACE TRIGGER error_is_final BEFORE UPDATE ON outcomes_response FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND OLD.in_error_at IS NOT NULL) EXECUTE FUNCTION refuse_any_change();
