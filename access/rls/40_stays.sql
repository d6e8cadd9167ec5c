-- What belongs to a course stays with it, and who did something is who did it. Policies say who may write a row; these say what
-- may stand in it, which a policy cannot: it sees no former value. They hold the web alone: the owner migrates and repairs.

CREATE OR REPLACE FUNCTION refuse_what_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION '% of % stays as it was written', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = '23514', CONSTRAINT = 'stays_as_written';
END $$;

CREATE OR REPLACE TRIGGER stays_with_its_client BEFORE UPDATE ON courses_course FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.client_id <> OLD.client_id)
  EXECUTE FUNCTION refuse_what_stays('the client');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON courses_allocation FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.therapist_id, NEW.kind, NEW.starts_at, NEW.by_id)
    IS DISTINCT FROM (OLD.course_id, OLD.therapist_id, OLD.kind, OLD.starts_at, OLD.by_id))
  EXECUTE FUNCTION refuse_what_stays('who carries which course since when');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON courses_focus FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.area, NEW.about, NEW.position, NEW.agreed_on, NEW.agreed_by_id)
    IS DISTINCT FROM (OLD.course_id, OLD.area, OLD.about, OLD.position, OLD.agreed_on, OLD.agreed_by_id))
  EXECUTE FUNCTION refuse_what_stays('what was agreed');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON outcomes_response FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.measure, NEW.came, NEW.link_id, NEW.entered_by_id)
    IS DISTINCT FROM (OLD.course_id, OLD.measure, OLD.came, OLD.link_id, OLD.entered_by_id))
  EXECUTE FUNCTION refuse_what_stays('the course');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON therapy_sessions_therapysession FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.booked_by_id, NEW.booked_at)
    IS DISTINCT FROM (OLD.course_id, OLD.booked_by_id, OLD.booked_at))
  EXECUTE FUNCTION refuse_what_stays('the course');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON therapy_sessions_reflection FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.session_id, NEW.course_id, NEW.author_id)
    IS DISTINCT FROM (OLD.session_id, OLD.course_id, OLD.author_id))
  EXECUTE FUNCTION refuse_what_stays('the session');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON therapy_sessions_reflectionshare FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.reflection_id, NEW.course_id, NEW.by_id, NEW.shared_at)
    IS DISTINCT FROM (OLD.reflection_id, OLD.course_id, OLD.by_id, OLD.shared_at) OR OLD.ended_at IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('what was shared');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON therapy_sessions_contactdue FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.session_id, NEW.course_id, NEW.for_person_id, NEW.raised_by_id, NEW.raised_at)
    IS DISTINCT FROM (OLD.session_id, OLD.course_id, OLD.for_person_id, OLD.raised_by_id, OLD.raised_at))
  EXECUTE FUNCTION refuse_what_stays('the session');

CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON courses_goal FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.text, NEW.position, NEW.agreed_on, NEW.agreed_by_id)
    IS DISTINCT FROM (OLD.course_id, OLD.text, OLD.position, OLD.agreed_on, OLD.agreed_by_id) OR OLD.ended_at IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('what was agreed');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON outcomes_link FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.measures, NEW.token_hash, NEW.created_by_id, NEW.created_at,
      NEW.expires_at, NEW.opened_at, NEW.confirmed_at, NEW.begun_at, NEW.last_answer_at, NEW.finished_at, NEW.tries)
    IS DISTINCT FROM (OLD.course_id, OLD.measures, OLD.token_hash, OLD.created_by_id, OLD.created_at,
      OLD.expires_at, OLD.opened_at, OLD.confirmed_at, OLD.begun_at, OLD.last_answer_at, OLD.finished_at, OLD.tries)
    OR OLD.ended_at IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('a link');

-- The client's people and events stay with their course, and taken off is taken off, in one's own name.
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON interpersonal_person FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.added_by_id, NEW.added_at)
    IS DISTINCT FROM (OLD.course_id, OLD.added_by_id, OLD.added_at) OR OLD.removed_at IS NOT NULL
    OR (NEW.removed_by_id IS NOT NULL AND NEW.removed_by_id IS DISTINCT FROM me())))
  EXECUTE FUNCTION refuse_what_stays('a person of the inventory');
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON interpersonal_timelineentry FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.added_by_id, NEW.added_at)
    IS DISTINCT FROM (OLD.course_id, OLD.added_by_id, OLD.added_at) OR OLD.removed_at IS NOT NULL
    OR (NEW.removed_by_id IS NOT NULL AND NEW.removed_by_id IS DISTINCT FROM me())))
  EXECUTE FUNCTION refuse_what_stays('an event of the timeline');

-- How a referral came stays as it was written down; who screened it says so in their own name.
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON referrals_referral FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.way, NEW.received_at, NEW.entered_by_id, NEW.consent_at, NEW.consent_words,
      NEW.form_key)
    IS DISTINCT FROM (OLD.course_id, OLD.way, OLD.received_at, OLD.entered_by_id, OLD.consent_at, OLD.consent_words, OLD.form_key))
  EXECUTE FUNCTION refuse_what_stays('how it came');
CREATE OR REPLACE TRIGGER screened_by_a_clinician BEFORE UPDATE ON referrals_referral FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.screened_at, NEW.screened_by_id) IS DISTINCT FROM (OLD.screened_at, OLD.screened_by_id)
    AND NOT (NEW.screened_by_id IS NOT DISTINCT FROM me() AND (i_am('lead') OR NEW.course_id = ANY (my_screenings()))))
  EXECUTE FUNCTION refuse_what_stays('who screened it');
CREATE OR REPLACE TRIGGER stays_as_written BEFORE UPDATE ON referrals_waitpause FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.starts_on, NEW.reason, NEW.by_id)
    IS DISTINCT FROM (OLD.course_id, OLD.starts_on, OLD.reason, OLD.by_id) OR OLD.ends_on IS NOT NULL
    OR NEW.ended_by_id IS DISTINCT FROM me()))
  EXECUTE FUNCTION refuse_what_stays('a pause');
-- The clock of a wait and its priority are moved by those who run the list; how urgent it is, a screener says too.
CREATE OR REPLACE TRIGGER wait_by_those_who_run_the_list BEFORE UPDATE ON courses_course FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (
    ((NEW.paused_days, NEW.paused_since) IS DISTINCT FROM (OLD.paused_days, OLD.paused_since)
      AND NOT (i_am('administrator') OR i_am('lead')))
    OR (NEW.priority <> OLD.priority
      AND NOT (i_am('administrator') OR i_am('lead') OR NEW.id = ANY (my_screenings())))))
  EXECUTE FUNCTION refuse_what_stays('the wait');
CREATE OR REPLACE TRIGGER stays_as_written BEFORE UPDATE ON referrals_outcomeletter FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.course_id, NEW.kind, NEW."to", NEW.body, NEW.made_by_id, NEW.made_at)
    IS DISTINCT FROM (OLD.course_id, OLD.kind, OLD."to", OLD.body, OLD.made_by_id, OLD.made_at) OR OLD.sent_on IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('a letter');
CREATE OR REPLACE TRIGGER stays_as_written BEFORE UPDATE ON courses_handover FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.of_id, NEW.made_by_id, NEW.made_at) IS DISTINCT FROM (OLD.of_id, OLD.made_by_id, OLD.made_at)
    OR OLD.sent_at IS NOT NULL OR OLD.undone_at IS NOT NULL
    OR (NEW.sent_by_id IS NOT NULL AND NEW.sent_by_id IS DISTINCT FROM me())))
  EXECUTE FUNCTION refuse_what_stays('a hand-over');
CREATE OR REPLACE TRIGGER stays_as_written BEFORE UPDATE ON courses_handoveritem FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND ((NEW.hand_over_id, NEW.course_id) IS DISTINCT FROM (OLD.hand_over_id, OLD.course_id)
    OR OLD.removed_at IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('a line of a hand-over');

-- Nothing waits before a clinician found it suitable: a referral is screened first. What was treated before may wait again.
CREATE OR REPLACE FUNCTION refuse_unscreened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'courses_allocation' THEN
    IF (NEW.kind = 'screening') <> EXISTS (SELECT 1 FROM courses_course c WHERE c.id = NEW.course_id AND c.status = 'referred') THEN
      RAISE EXCEPTION 'a referral is screened first, and once' USING ERRCODE = '23514',
        CONSTRAINT = (CASE NEW.kind WHEN 'screening' THEN 'screened_already' ELSE 'screened_first' END);
    END IF;
  ELSIF coalesce((SELECT s.suitability FROM referrals_screening s WHERE s.course_id = NEW.id ORDER BY s.at DESC, s.id DESC LIMIT 1), '')
      <> 'suitable' AND NOT EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = NEW.id AND a.kind <> 'screening') THEN
    RAISE EXCEPTION 'a referral is screened first' USING ERRCODE = '23514', CONSTRAINT = 'screened_first';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_unscreened() FROM PUBLIC;
CREATE OR REPLACE TRIGGER screened_first BEFORE UPDATE ON courses_course FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.status IN ('waiting', 'in_treatment') AND OLD.status IN ('referred', 'not_taken_on'))
  EXECUTE FUNCTION refuse_unscreened();
CREATE OR REPLACE TRIGGER screened_first BEFORE INSERT ON courses_allocation FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_unscreened();

-- That IPT does not suit is said by a clinician of the course; the office writes down that somebody declined, could not be reached or
-- died (courses.lifecycle: ADMINISTRATIVE_REASONS).
CREATE OR REPLACE FUNCTION refuse_what_a_clinician_says() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'whether IPT suits is a clinician''s to say' USING ERRCODE = '23514', CONSTRAINT = 'suitability_by_a_clinician';
END $$;
CREATE OR REPLACE TRIGGER suitability_by_a_clinician BEFORE UPDATE ON courses_course FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.status = 'not_taken_on' AND NEW.end_reason NOT IN ('14', '16', '17', '50', '95')
    AND (NEW.status, NEW.end_reason) IS DISTINCT FROM (OLD.status, OLD.end_reason)
    AND NOT (i_am('lead') OR NEW.id = ANY (my_screenings()) OR NEW.id = ANY (my_open_courses())))
  EXECUTE FUNCTION refuse_what_a_clinician_says();

-- What is ticked about harm raises an alert at that second, whoever enters it: each tick its own, of the kind that says who must see
-- it. Nobody who works here raised it.
CREATE OR REPLACE FUNCTION alert_of_ticks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO outcomes_alert (id, course_id, kind, words, raised_at, tell_from, typed_in_error, what_was_done)
  SELECT gen_random_uuid(), NEW.course_id, t.kind, t.words, clock_timestamp(), clock_timestamp(), false, ''
  FROM (VALUES
    (NEW.thoughts_of_harm, 'thoughts', 'Ticked on the referral: thoughts of being better off dead or of hurting themself.'),
    (NEW.might_harm_others, 'harm_to_others', 'Ticked on the referral: fears to harm somebody else.'),
    (NEW.is_being_harmed, 'domestic_abuse', 'Ticked on the referral: is being hurt or frightened by somebody.'),
    (NEW.child_at_risk, 'child', 'Ticked on the referral: is worried about the safety of a child.')) AS t (ticked, kind, words)
  WHERE t.ticked;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION alert_of_ticks() FROM PUBLIC;
CREATE OR REPLACE TRIGGER alert_of_ticks AFTER INSERT ON referrals_referralwords FOR EACH ROW EXECUTE FUNCTION alert_of_ticks();

-- What an alert is about stays; its value goes with the answer. Who fills in by link answers no alert, their own least of all.
CREATE OR REPLACE TRIGGER stays_with_its_course BEFORE UPDATE ON outcomes_alert FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.course_id, NEW.kind, NEW.response_id, NEW.item, NEW.words, NEW.raised_by_id, NEW.raised_at)
    IS DISTINCT FROM (OLD.course_id, OLD.kind, OLD.response_id, OLD.item, OLD.words, OLD.raised_by_id, OLD.raised_at))
  EXECUTE FUNCTION refuse_what_stays('what an alert is about');
CREATE OR REPLACE TRIGGER answered_by_people BEFORE UPDATE ON outcomes_alert FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND me() IS NULL AND (NEW.acknowledged_at, NEW.acknowledged_by_id, NEW.closed_at, NEW.closed_by_id,
      NEW.what_was_done, NEW.typed_in_error)
    IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by_id, OLD.closed_at, OLD.closed_by_id,
      OLD.what_was_done, OLD.typed_in_error))
  EXECUTE FUNCTION refuse_what_stays('an answer to an alert');

-- Nobody acts in another's name.
CREATE OR REPLACE TRIGGER reviewed_in_ones_own_name BEFORE UPDATE ON outcomes_signal FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id
    AND NEW.reviewed_by_id IS DISTINCT FROM me())
  EXECUTE FUNCTION refuse_what_stays('the name');
CREATE OR REPLACE TRIGGER struck_in_ones_own_name BEFORE UPDATE ON outcomes_response FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.in_error_by_id IS DISTINCT FROM OLD.in_error_by_id
    AND NEW.in_error_by_id IS DISTINCT FROM me())
  EXECUTE FUNCTION refuse_what_stays('the name');
CREATE OR REPLACE TRIGGER answered_in_ones_own_name BEFORE UPDATE ON outcomes_alert FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (
    (NEW.acknowledged_by_id IS DISTINCT FROM OLD.acknowledged_by_id
      AND (OLD.acknowledged_by_id IS NOT NULL OR NEW.acknowledged_by_id IS DISTINCT FROM me()))
    OR (NEW.closed_by_id IS DISTINCT FROM OLD.closed_by_id AND NEW.closed_by_id IS DISTINCT FROM me())))
  EXECUTE FUNCTION refuse_what_stays('the name');
CREATE OR REPLACE TRIGGER answered_in_ones_own_name BEFORE UPDATE ON therapy_sessions_contactdue FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.answered_by_id IS DISTINCT FROM OLD.answered_by_id
    AND NEW.answered_by_id IS DISTINCT FROM me())
  EXECUTE FUNCTION refuse_what_stays('the name');
CREATE OR REPLACE TRIGGER said_in_ones_own_name BEFORE UPDATE ON therapy_sessions_therapysession FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.attendance_by_id IS DISTINCT FROM OLD.attendance_by_id
    AND NEW.attendance_by_id IS DISTINCT FROM me())
  EXECUTE FUNCTION refuse_what_stays('the name');

-- Nothing about a session that was struck out changes any more.
CREATE OR REPLACE TRIGGER struck_out_stays BEFORE UPDATE ON therapy_sessions_therapysession FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND OLD.entered_in_error_at IS NOT NULL)
  EXECUTE FUNCTION refuse_what_stays('what was entered in error');

-- Who does not write the record of an open course, and is no administrator, strikes out and counts anew, and nothing else.
CREATE OR REPLACE TRIGGER only_counted_anew BEFORE UPDATE ON therapy_sessions_therapysession FOR EACH ROW
  WHEN (current_user = 'ipt_app'
    AND (to_jsonb(NEW) - ARRAY['number', 'phase', 'entered_in_error_at', 'version'])
      <> (to_jsonb(OLD) - ARRAY['number', 'phase', 'entered_in_error_at', 'version'])
    AND NOT (i_am('administrator') OR NEW.course_id = ANY (my_open_courses())
      -- The lead who hands a course over hands over what lies ahead, to whoever carries it then.
      OR (i_am('lead') AND OLD.attendance IS NULL AND OLD.starts_at > now()
        AND (to_jsonb(NEW) - ARRAY['therapist_id', 'version']) = (to_jsonb(OLD) - ARRAY['therapist_id', 'version'])
        AND carries_at(NEW.course_id, NEW.therapist_id, NEW.starts_at))))
  EXECUTE FUNCTION refuse_what_stays('the appointment');

-- A therapist's own reading ends when the course does: no therapist gives themself longer than the clinic decided.
CREATE OR REPLACE FUNCTION refuse_longer_reading() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.ends_at IS NOT NULL OR NEW.ends_at IS NULL OR NEW.ends_at > (CASE WHEN NEW.kind = 'screening'
      THEN clock_timestamp() + interval '5 minutes'  -- the clocks of two machines
      ELSE now() + make_interval(days => 2 + coalesce((SELECT readable_days_after_end FROM staff_clinic), 90)) END) THEN
    RAISE EXCEPTION 'an allocation is not lengthened by who carries it' USING ERRCODE = '23514', CONSTRAINT = 'stays_as_written';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER no_longer_than_the_clinic_decided BEFORE UPDATE ON courses_allocation FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.ends_at IS DISTINCT FROM OLD.ends_at
    AND NOT (i_am('administrator') OR i_am('lead')))
  EXECUTE FUNCTION refuse_longer_reading();

-- What hangs on a session, a response or a reflection is of the same course, and a reflection is shared by its author alone.
CREATE OR REPLACE FUNCTION refuse_another_course() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE fits boolean;
BEGIN
  CASE TG_ARGV[0]
    WHEN 'session' THEN
      SELECT s.course_id = NEW.course_id INTO fits FROM therapy_sessions_therapysession s WHERE s.id = NEW.session_id;
    WHEN 'note' THEN
      SELECT n.course_id = NEW.course_id INTO fits FROM therapy_sessions_note n WHERE n.id = NEW.note_id;
    WHEN 'response' THEN
      SELECT r.course_id = NEW.course_id INTO fits FROM outcomes_response r WHERE r.id = NEW.response_id;
    WHEN 'link' THEN
      SELECT l.course_id = NEW.course_id INTO fits FROM outcomes_link l WHERE l.id = NEW.link_id;
    WHEN 'goal' THEN
      SELECT g.course_id = NEW.course_id INTO fits FROM courses_goal g WHERE g.id = NEW.goal_id;
    WHEN 'alert' THEN
      SELECT a.course_id = NEW.course_id INTO fits FROM outcomes_alert a WHERE a.id = NEW.alert_id;
    WHEN 'plan' THEN
      SELECT p.course_id = NEW.course_id INTO fits FROM outcomes_safetyplan p WHERE p.id = NEW.plan_id;
    WHEN 'focus' THEN
      SELECT f.course_id = NEW.course_id INTO fits FROM courses_focus f WHERE f.id = NEW.focus_id;
    WHEN 'person' THEN
      SELECT p.course_id = NEW.course_id INTO fits FROM interpersonal_person p WHERE p.id = NEW.person_id;
    WHEN 'picture' THEN
      SELECT p.course_id = NEW.course_id AND p.by_id = me() INTO fits FROM interpersonal_picture p WHERE p.id = NEW.picture_id;
    WHEN 'item' THEN
      SELECT i.course_id = NEW.course_id INTO fits FROM supervision_agendaitem i WHERE i.id = NEW.item_id;
    WHEN 'reflection' THEN
      SELECT r.course_id = NEW.course_id AND r.author_id = NEW.by_id INTO fits
        FROM therapy_sessions_reflection r WHERE r.id = NEW.reflection_id;
  END CASE;
  IF NOT coalesce(fits, false) THEN
    RAISE EXCEPTION 'this belongs to another course' USING ERRCODE = '23514', CONSTRAINT = 'of_one_course';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_another_course() FROM PUBLIC;
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_note FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.session_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT ON therapy_sessions_draftversion FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT ON therapy_sessions_lettergiven FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT ON therapy_sessions_cosignature FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT ON therapy_sessions_enteredinerror FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.note_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_enteredinerror FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.session_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_reflection FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_sessionfocus FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_sessionresponse FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER response_of_one_course BEFORE INSERT ON therapy_sessions_sessionresponse FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('response');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_contactdue FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER response_of_one_course BEFORE INSERT ON outcomes_alert FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.response_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('response');
CREATE OR REPLACE TRIGGER response_of_one_course BEFORE INSERT ON outcomes_signal FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('response');
CREATE OR REPLACE TRIGGER link_of_one_course BEFORE INSERT ON outcomes_response FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.link_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('link');
CREATE OR REPLACE TRIGGER link_of_one_course BEFORE INSERT ON outcomes_goalrating FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.link_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('link');
CREATE OR REPLACE TRIGGER goal_of_one_course BEFORE INSERT ON outcomes_goalrating FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('goal');
CREATE OR REPLACE TRIGGER alert_of_one_course BEFORE INSERT ON outcomes_alertact FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('alert');
CREATE OR REPLACE TRIGGER alert_of_one_course BEFORE INSERT ON outcomes_alerttold FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('alert');
CREATE OR REPLACE TRIGGER plan_of_one_course BEFORE INSERT ON outcomes_safetyplancopy FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('plan');
CREATE OR REPLACE TRIGGER focus_of_one_course BEFORE INSERT ON interpersonal_focusperson FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('focus');
CREATE OR REPLACE TRIGGER person_of_one_course BEFORE INSERT ON interpersonal_focusperson FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('person');
CREATE OR REPLACE TRIGGER person_of_one_course BEFORE INSERT ON interpersonal_safetyconcern FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('person');
CREATE OR REPLACE TRIGGER person_of_one_course BEFORE INSERT ON interpersonal_pictureplace FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('person');
CREATE OR REPLACE TRIGGER picture_of_one_course BEFORE INSERT ON interpersonal_pictureplace FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('picture');
CREATE OR REPLACE TRIGGER person_of_one_course BEFORE INSERT OR UPDATE ON interpersonal_timelineentry FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.person_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('person');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON therapy_sessions_sessionlink FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER link_of_one_course BEFORE INSERT ON therapy_sessions_sessionlink FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('link');
CREATE OR REPLACE TRIGGER reflection_of_its_author BEFORE INSERT ON therapy_sessions_reflectionshare FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('reflection');

-- Nobody gives themself rights. Every wall asks the tables of staff, so these are written by administrators alone.
CREATE OR REPLACE FUNCTION may_change_rights(as_superuser boolean) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active
    AND (u.is_superuser OR (NOT as_superuser AND 'administrator' = ANY (u.roles))))
$$;
REVOKE ALL ON FUNCTION may_change_rights(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_change_rights(boolean) TO ipt_app;

CREATE OR REPLACE TRIGGER rights_by_administrators BEFORE UPDATE ON staff_user FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.roles, NEW.is_trainee, NEW.is_screener, NEW.email, NEW.is_active, NEW.is_system)
    IS DISTINCT FROM (OLD.roles, OLD.is_trainee, OLD.is_screener, OLD.email, OLD.is_active, OLD.is_system) AND NOT may_change_rights(false))
  EXECUTE FUNCTION refuse_what_stays('a right');
CREATE OR REPLACE TRIGGER superusers_by_superusers BEFORE UPDATE ON staff_user FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.is_superuser, NEW.is_staff)
    IS DISTINCT FROM (OLD.is_superuser, OLD.is_staff) AND NOT may_change_rights(true))
  EXECUTE FUNCTION refuse_what_stays('a right');
-- Nobody is signed in who follows a link to choose a password, and whoever is signed in changes their own.
CREATE OR REPLACE TRIGGER password_is_ones_own BEFORE UPDATE ON staff_user FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.password <> OLD.password AND me() <> OLD.id)
  EXECUTE FUNCTION refuse_what_stays('the password');
CREATE OR REPLACE TRIGGER people_by_administrators BEFORE INSERT ON staff_user FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT may_change_rights(NEW.is_superuser OR NEW.is_system))
  EXECUTE FUNCTION refuse_what_stays('a right');
CREATE OR REPLACE TRIGGER rights_by_administrators BEFORE INSERT OR UPDATE ON staff_supervisionline FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT may_change_rights(false)) EXECUTE FUNCTION refuse_what_stays('a right');
CREATE OR REPLACE TRIGGER rights_by_administrators BEFORE INSERT OR UPDATE OR DELETE ON staff_leave FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT may_change_rights(false)) EXECUTE FUNCTION refuse_what_stays('a right');
CREATE OR REPLACE TRIGGER wording_by_administrators BEFORE INSERT ON outcomes_clinicwording FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT (may_change_rights(false) AND NEW.entered_by_id = me()))
  EXECUTE FUNCTION refuse_what_stays('a wording');
CREATE OR REPLACE TRIGGER made_by_the_system BEFORE INSERT ON outcomes_expectedmodel FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT i_am_the_system()) EXECUTE FUNCTION refuse_what_stays('the expected course');
CREATE OR REPLACE TRIGGER made_by_the_system BEFORE INSERT ON outcomes_expectedband FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT i_am_the_system()) EXECUTE FUNCTION refuse_what_stays('the expected course');
-- What the clinic decides: the clinical lead answers for what decides about care, administrators for the rest (`by` in
-- staff/clinic_settings.py, which a test holds to this). A column that is in no list is the administrators'.
CREATE OR REPLACE FUNCTION settings_of_the_lead() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY['self_referral_intro', 'self_referral_expect', 'screening_working_days', 'letter_accepted',
    'letter_not_suitable', 'letter_signposted', 'letter_no_contact', 'wait_first_days', 'wait_second_days',
    'wait_warning_days', 'trainee_places_most', 'missed_before_proposal', 'missed_rule', 'link_measures',
    'supervisor_at_once_from', 'supervisor_told_from', 'supervisor_told_rise', 'core10_at_once', 'unanswered_supervisor_days', 'unanswered_lead_days',
    'flag_booked_days', 'flag_unmeasured_sessions', 'flag_ending_sessions', 'flag_unsigned_hours', 'flag_focus_changes',
    'flag_unreviewed_days', 'supervision_every_days', 'supervision_history_for_new_line', 'recording_days',
    'accreditation_cases', 'accreditation_focus_areas', 'accreditation_sessions', 'accreditation_hours',
    'accreditation_recordings', 'supervised_within_days']
$$;
CREATE OR REPLACE TRIGGER rights_by_administrators BEFORE UPDATE ON staff_clinic FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT may_change_rights(false)
    AND (to_jsonb(NEW) - settings_of_the_lead()) <> (to_jsonb(OLD) - settings_of_the_lead()))
  EXECUTE FUNCTION refuse_what_stays('a right');
CREATE OR REPLACE TRIGGER care_by_the_lead BEFORE UPDATE ON staff_clinic FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT (i_am('lead') OR may_change_rights(true))
    AND to_jsonb(NEW) || (to_jsonb(OLD) - settings_of_the_lead()) <> to_jsonb(OLD))
  EXECUTE FUNCTION refuse_what_stays('a right');
-- Whether this is the invented clinic decides whether it may be emptied: nobody says so of a running one.
CREATE OR REPLACE TRIGGER invented_stays_invented BEFORE UPDATE ON staff_clinic FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.id, NEW.is_demo) IS DISTINCT FROM (OLD.id, OLD.is_demo))
  EXECUTE FUNCTION refuse_what_stays('the clinic');

-- Its row begins with what every clinic begins with, for whoever may change any of it: no setting comes in by the back door. The
-- release before this one writes the row itself before it changes it, and finds one there.
CREATE OR REPLACE FUNCTION begin_clinic() RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO staff_clinic (id) SELECT 1 WHERE may_change_rights(false) OR i_am('lead') ON CONFLICT DO NOTHING
$$;
REVOKE ALL ON FUNCTION begin_clinic() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_clinic() TO ipt_app;
CREATE OR REPLACE FUNCTION refuse_own_beginning() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF may_change_rights(true) OR (may_change_rights(false) AND EXISTS (SELECT FROM staff_clinic)) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a clinic stays as it was begun' USING ERRCODE = '23514', CONSTRAINT = 'stays_as_written';
END $$;
CREATE OR REPLACE TRIGGER begins_as_every_clinic BEFORE INSERT ON staff_clinic FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_own_beginning();

-- --- Supervision ---------------------------------------------------------------------------------------------------------

CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT OR UPDATE ON supervision_case FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.note_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER item_of_one_course BEFORE INSERT OR UPDATE ON supervision_case FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.item_id IS NOT NULL) EXECUTE FUNCTION refuse_another_course('item');
CREATE OR REPLACE TRIGGER note_of_one_course BEFORE INSERT ON supervision_casesignature FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('note');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON supervision_recording FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');
CREATE OR REPLACE TRIGGER session_of_one_course BEFORE INSERT ON supervision_rating FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_another_course('session');

-- What stays: an action as it was agreed (its day and its owner may change), whose case it was, a recording's session.
CREATE OR REPLACE TRIGGER action_as_agreed BEFORE UPDATE ON courses_courseaction FOR EACH ROW
  WHEN ((NEW.course_id, NEW.what, NEW.agreed_by_id, NEW.agreed_at) IS DISTINCT FROM
    (OLD.course_id, OLD.what, OLD.agreed_by_id, OLD.agreed_at))
  EXECUTE FUNCTION refuse_what_stays('an action as it was agreed');
CREATE OR REPLACE TRIGGER action_closed_by_oneself BEFORE UPDATE ON courses_courseaction FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.closed_by_id IS DISTINCT FROM OLD.closed_by_id AND NEW.closed_by_id IS NOT NULL
    AND NEW.closed_by_id <> me())
  EXECUTE FUNCTION refuse_what_stays('who closes an action');
CREATE OR REPLACE TRIGGER action_begins_open BEFORE INSERT ON courses_courseaction FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.outcome <> '') EXECUTE FUNCTION refuse_what_stays('an action begins open');
CREATE OR REPLACE TRIGGER item_as_added BEFORE UPDATE ON supervision_agendaitem FOR EACH ROW
  WHEN ((NEW.course_id, NEW.added_by_id, NEW.added_at) IS DISTINCT FROM (OLD.course_id, OLD.added_by_id, OLD.added_at)
    OR OLD.closed_at IS NOT NULL)
  EXECUTE FUNCTION refuse_what_stays('the agenda');
CREATE OR REPLACE TRIGGER item_closed_by_oneself BEFORE INSERT OR UPDATE ON supervision_agendaitem FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.closed_by_id IS NOT NULL AND NEW.closed_by_id <> me())
  EXECUTE FUNCTION refuse_what_stays('who closes an item');
CREATE OR REPLACE TRIGGER meeting_stays BEFORE UPDATE ON supervision_meeting FOR EACH ROW
  WHEN (OLD.signed_at IS NOT NULL OR NEW.supervisor_id IS DISTINCT FROM OLD.supervisor_id)
  EXECUTE FUNCTION refuse_what_stays('a meeting');
CREATE OR REPLACE TRIGGER meeting_begins_unsigned BEFORE INSERT ON supervision_meeting FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_what_stays('a meeting');
CREATE OR REPLACE TRIGGER case_stays BEFORE UPDATE ON supervision_case FOR EACH ROW
  WHEN ((NEW.meeting_id, NEW.course_id, NEW.therapist_id) IS DISTINCT FROM (OLD.meeting_id, OLD.course_id, OLD.therapist_id)
    OR (OLD.note_id IS NOT NULL AND NEW.note_id IS DISTINCT FROM OLD.note_id))
  EXECUTE FUNCTION refuse_what_stays('a case');
CREATE OR REPLACE TRIGGER recording_stays BEFORE UPDATE ON supervision_recording FOR EACH ROW
  WHEN ((NEW.course_id, NEW.session_id, NEW.entered_by_id) IS DISTINCT FROM (OLD.course_id, OLD.session_id, OLD.entered_by_id)
    OR OLD.deleted_on IS NOT NULL)
  EXECUTE FUNCTION refuse_what_stays('a recording');

-- A case is its therapist's: somebody to whom the course is allocated now.
CREATE OR REPLACE FUNCTION refuse_case_of_another() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = NEW.course_id AND a.therapist_id = NEW.therapist_id
      AND a.kind <> 'screening' AND a.starts_at <= clock_timestamp()
      AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())) THEN
    RAISE EXCEPTION 'this course is another therapist''s' USING ERRCODE = '23514', CONSTRAINT = 'case_of_its_therapist';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_case_of_another() FROM PUBLIC;
CREATE OR REPLACE TRIGGER case_of_its_therapist BEFORE INSERT ON supervision_case FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_case_of_another();

-- Whose session was rated: that of the therapist who held it.
CREATE OR REPLACE FUNCTION refuse_rating_of_another() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM therapy_sessions_therapysession s WHERE s.id = NEW.session_id
      AND s.therapist_id = NEW.therapist_id AND s.attendance IN ('5', '6') AND s.entered_in_error_at IS NULL) THEN
    RAISE EXCEPTION 'rated is who held the session' USING ERRCODE = '23514', CONSTRAINT = 'rating_of_who_held_it';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_rating_of_another() FROM PUBLIC;
CREATE OR REPLACE TRIGGER rating_of_who_held_it BEFORE INSERT ON supervision_rating FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_rating_of_another();

CREATE OR REPLACE TRIGGER rating_dated_when_made BEFORE INSERT ON supervision_rating FOR EACH ROW
  WHEN (current_user = 'ipt_app'
    AND NEW.rated_at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '1 minute')
  EXECUTE FUNCTION refuse_what_stays('the date of a rating');

-- Recorded was a session that was held, in which the client was seen; who deletes a recording says so themself.
CREATE OR REPLACE FUNCTION refuse_recording_of_unheld() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM therapy_sessions_therapysession s WHERE s.id = NEW.session_id
      AND s.attendance IN ('5', '6') AND s.entered_in_error_at IS NULL) THEN
    RAISE EXCEPTION 'only a held session was recorded' USING ERRCODE = '23514', CONSTRAINT = 'recording_of_a_held_session';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER recording_of_a_held_session BEFORE INSERT ON supervision_recording FOR EACH ROW
  WHEN (current_user = 'ipt_app') EXECUTE FUNCTION refuse_recording_of_unheld();
CREATE OR REPLACE TRIGGER recording_deleted_by_oneself BEFORE UPDATE ON supervision_recording FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.deleted_by_id IS NOT NULL AND NEW.deleted_by_id <> me())
  EXECUTE FUNCTION refuse_what_stays('who deletes a recording');

-- The rating form is the lead's, and a new version is the next number.
CREATE OR REPLACE TRIGGER rating_form_by_the_lead BEFORE INSERT ON supervision_ratingform FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT (i_am('lead') AND NEW.by_id = me()))
  EXECUTE FUNCTION refuse_what_stays('a right');

-- Lines make no circle: nobody is supervised by somebody whom they supervise, through however many others, at one time.
CREATE OR REPLACE FUNCTION refuse_circle_of_lines() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Two lines drawn at one moment would each not see the other.
  PERFORM pg_advisory_xact_lock(hashtextextended('staff_supervisionline', 0));
  -- What only becomes shorter closes no circle: one that an earlier release let in can be ended.
  IF TG_OP = 'UPDATE' AND (NEW.supervisor_id, NEW.therapist_id) = (OLD.supervisor_id, OLD.therapist_id)
      AND tstzrange(NEW.starts_at, NEW.ends_at) <@ tstzrange(OLD.starts_at, OLD.ends_at) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
    WITH RECURSIVE above(person, during) AS (
      SELECT NEW.supervisor_id, tstzrange(NEW.starts_at, NEW.ends_at)
      UNION
      SELECT l.supervisor_id, a.during * tstzrange(l.starts_at, l.ends_at)
      FROM above a JOIN staff_supervisionline l ON l.therapist_id = a.person
      WHERE l.id <> NEW.id AND a.during && tstzrange(l.starts_at, l.ends_at)
    )
    SELECT 1 FROM above WHERE person = NEW.therapist_id AND NOT isempty(during)) THEN
    RAISE EXCEPTION 'lines make no circle' USING ERRCODE = '23514', CONSTRAINT = 'lines_make_no_circle';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION refuse_circle_of_lines() FROM PUBLIC;
CREATE OR REPLACE TRIGGER lines_make_no_circle BEFORE INSERT OR UPDATE ON staff_supervisionline FOR EACH ROW
  WHEN (NEW.supervisor_id <> NEW.therapist_id) EXECUTE FUNCTION refuse_circle_of_lines();
