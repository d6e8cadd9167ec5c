-- Who refers themself on the clinic's public page, where nobody is signed in: client, course, move, referral and words in one act, in
-- the name of the system person. The same form again, or the same person within a day, arrives in the same referral; what is new
-- in it is kept as further words. Nothing of anybody who is known here is read, changed or told: only the keys of what this form
-- made come back, for who is to be told. No row where the page is closed or the person has not agreed.
CREATE OR REPLACE FUNCTION receive_referral(of_key uuid, person jsonb, alike text[], agreed text, words jsonb)
  RETURNS TABLE (course uuid, client uuid, is_new boolean)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  at timestamptz := clock_timestamp();
  p clients_client := jsonb_populate_record(NULL::clients_client, person);
  w referrals_referralwords := jsonb_populate_record(NULL::referrals_referralwords, words);
  before clients_client;
  arrived referrals_referral;
  more text;
BEGIN
  IF me() IS NOT NULL OR of_key IS NULL OR coalesce(agreed, '') = ''
    OR NOT coalesce((SELECT k.self_referral_open FROM staff_clinic k), true) THEN RETURN; END IF;
  -- As a registration does: whoever comes second finds who has just been registered.
  PERFORM pg_advisory_xact_lock(hashtextextended('clients_client', 0));
  SELECT r.* INTO arrived FROM referrals_referral r WHERE r.form_key = of_key;
  IF arrived.id IS NOT NULL THEN
    RETURN QUERY SELECT c.id, c.client_id, false FROM courses_course c WHERE c.id = arrived.course_id;
    RETURN;
  END IF;
  SELECT r.* INTO arrived FROM referrals_referral r JOIN courses_course c ON c.id = r.course_id
    JOIN clients_client o ON o.id = c.client_id
    WHERE r.way = 'self' AND r.received_at > at - interval '24 hours' AND c.status = 'referred'
      AND o.date_of_birth = p.date_of_birth AND lower(o.first_name) = lower(p.first_name) AND lower(o.last_name) = lower(p.last_name)
      AND ((p.phone <> '' AND right(regexp_replace(o.phone, '[^0-9]', '', 'g'), 9) = right(regexp_replace(p.phone, '[^0-9]', '', 'g'), 9))
        OR (p.email <> '' AND lower(o.email) = lower(p.email)))
    ORDER BY r.received_at DESC LIMIT 1;
  IF arrived.id IS NOT NULL THEN
    SELECT o.* INTO before FROM clients_client o JOIN courses_course c ON c.client_id = o.id WHERE c.id = arrived.course_id;
    more := concat_ws(E'\n', nullif(w.problem, ''),
      CASE WHEN p.phone NOT IN ('', before.phone) THEN 'Sent again with the phone number ' || p.phone END,
      CASE WHEN p.email NOT IN ('', before.email) THEN 'Sent again with the email address ' || p.email END,
      CASE WHEN person ->> 'best_times' NOT IN ('', arrived.best_times) THEN 'Best times: ' || (person ->> 'best_times') END);
  ELSE
    p.id := gen_random_uuid();
    INSERT INTO clients_client (id, number, first_name, last_name, preferred_name, pronouns, date_of_birth, email, phone, address,
        postcode, may_email, may_leave_message, may_write_home, must_not_be_told, gp_name, gp_practice, interpreter, needs_step_free,
        needs_evenings, needs_video, asks_for, other_needs, emergency_name, emergency_relation, emergency_phone, similar_keys, version,
        registered_at)
      VALUES (p.id, 'C-' || nextval('client_numbers'), p.first_name, p.last_name, '', '', p.date_of_birth, p.email, p.phone, '',
        '', p.may_email, p.may_leave_message, false, '', '', p.gp_practice, p.interpreter, p.needs_step_free,
        p.needs_evenings, p.needs_video, p.asks_for, '', '', '', '', alike, 1, at);
    arrived.id := gen_random_uuid();
    arrived.course_id := gen_random_uuid();
    INSERT INTO courses_course (id, client_id, programme, split, planned_sessions, status, referred_on, referral_source, end_reason,
        version, opened_at)
      VALUES (arrived.course_id, p.id, 'ipt16', ARRAY[4, 8, 4], 16, 'referred', (at AT TIME ZONE 'Europe/London')::date, 'B1', '', 1, at);
    INSERT INTO courses_coursemove (id, course_id, before, after, at, by_id, reason)
      SELECT gen_random_uuid(), arrived.course_id, '', 'referred', at, u.id, '' FROM staff_user u WHERE u.is_system;
    INSERT INTO referrals_referral (id, course_id, way, received_at, consent_at, consent_words, form_key, best_times, priority_reason)
      VALUES (arrived.id, arrived.course_id, 'self', at, at, agreed, of_key, person ->> 'best_times', '');
    more := w.problem;
  END IF;
  IF more <> '' OR w.thoughts_of_harm OR w.might_harm_others OR w.is_being_harmed OR w.child_at_risk THEN
    INSERT INTO referrals_referralwords (id, course_id, problem, thoughts_of_harm, might_harm_others, is_being_harmed, child_at_risk, at)
      VALUES (of_key, arrived.course_id, more, w.thoughts_of_harm, w.might_harm_others, w.is_being_harmed, w.child_at_risk, at)
      ON CONFLICT (id) DO NOTHING;
  END IF;
  INSERT INTO audit_event (id, at, action, what, object_type, object_ids, client_id, course_id, reason)
    SELECT gen_random_uuid(), at, 'create', CASE WHEN before.id IS NULL THEN 'Referred themself on the web page'
      ELSE 'Sent the form on the web page again' END, 'referral', ARRAY[arrived.id], coalesce(before.id, p.id), arrived.course_id, '';
  RETURN QUERY SELECT arrived.course_id, coalesce(before.id, p.id), before.id IS NULL;
END $$;

REVOKE ALL ON FUNCTION receive_referral(uuid, jsonb, text[], text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION receive_referral(uuid, jsonb, text[], text, jsonb) TO ipt_app;
