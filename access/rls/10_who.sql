-- Who acts, and which courses that person may see. Definer functions read the tables behind the policies; each has a fixed
-- search_path and gives an empty array where sees_all_… is true, so that the whole clinic is never listed.

CREATE OR REPLACE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  -- A used connection gives an empty string, never null.
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;

CREATE OR REPLACE FUNCTION i_am(role text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active AND role = ANY (u.roles))
$$;

CREATE OR REPLACE FUNCTION i_am_the_system() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_system)
$$;

-- Names, contact, diary and attendance of every client.
CREATE OR REPLACE FUNCTION sees_all_names() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me())
    AND (u.is_system OR (u.is_active AND u.roles && ARRAY['administrator', 'lead']::varchar[])))
$$;

-- Clinical content of every client: never an administrator's.
CREATE OR REPLACE FUNCTION sees_all_content() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me())
    AND (u.is_system OR (u.is_active AND 'lead' = ANY (u.roles))))
$$;

-- The therapists whom I supervise now, or whose supervisor is on leave while I am the deputy.
CREATE OR REPLACE FUNCTION my_supervisees() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT l.therapist_id), '{}') FROM staff_supervisionline l
  WHERE l.starts_at <= clock_timestamp() AND (l.ends_at IS NULL OR l.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
    AND ((l.supervisor_id = (SELECT me()) AND (SELECT i_am('supervisor')))
      OR (l.deputy_id = (SELECT me()) AND EXISTS (
        SELECT 1 FROM staff_leave v WHERE v.person_id = l.supervisor_id
          AND (now() AT TIME ZONE 'Europe/London')::date BETWEEN v.starts_on AND v.ends_on)))
$$;

-- Courses that are mine now: allocated to me, or to somebody whom I supervise.
CREATE OR REPLACE FUNCTION courses_near_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}') FROM courses_allocation a
  WHERE a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND (a.therapist_id = (SELECT me()) OR a.therapist_id = ANY ((SELECT my_supervisees())::uuid[]))
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
$$;

-- Courses whose therapist is on leave while I cover and an alert waits that is not restricted: their names, contact, diary, that
-- alert and the safety plan; no note and no score. An administrator who covers looks after the diary alone.
CREATE OR REPLACE FUNCTION courses_i_cover() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}')
  FROM staff_leave v JOIN courses_allocation a ON a.therapist_id = v.person_id
  JOIN outcomes_alert t ON t.course_id = a.course_id AND t.closed_at IS NULL AND t.kind IN ('answer', 'thoughts', 'plan')
  WHERE v.cover_id = (SELECT me()) AND (now() AT TIME ZONE 'Europe/London')::date BETWEEN v.starts_on AND v.ends_on
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active
      AND u.roles && ARRAY['therapist', 'supervisor', 'lead']::varchar[])
$$;

-- A therapist named as screener, who may still sign in.
CREATE OR REPLACE FUNCTION i_screen() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active AND u.is_screener
    AND 'therapist' = ANY (u.roles))
$$;

-- Who is referred or waits: names and needs for those who screen. Empty for everybody else.
CREATE OR REPLACE FUNCTION courses_that_wait() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT i_screen()) THEN (SELECT coalesce(array_agg(c.id), '{}') FROM courses_course c
    WHERE c.status IN ('referred', 'waiting')) ELSE '{}'::uuid[] END
$$;

-- Referrals that I screen now: given to me, and not decided.
CREATE OR REPLACE FUNCTION my_screenings() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}')
  FROM courses_allocation a JOIN courses_course c ON c.id = a.course_id
  WHERE a.therapist_id = (SELECT me()) AND a.kind = 'screening' AND c.status NOT IN ('ended', 'not_taken_on')
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
$$;

-- What I see without screening: few, where who waits are thousands. The tables that lists join say the rest in their policies, by
-- status: held against an array row by row, ten thousand who wait cost a screener's list five seconds.
CREATE OR REPLACE FUNCTION courses_at_hand() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[] ELSE courses_near_me() || courses_i_cover() END
$$;

CREATE OR REPLACE FUNCTION clients_at_hand() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[]
    ELSE (SELECT coalesce(array_agg(DISTINCT c.client_id), '{}') FROM courses_course c
          WHERE c.id = ANY ((SELECT courses_near_me() || courses_i_cover())::uuid[])) END
$$;

CREATE OR REPLACE FUNCTION visible_courses() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[]
    ELSE courses_near_me() || courses_i_cover() || courses_that_wait() END
$$;

CREATE OR REPLACE FUNCTION visible_clients() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[]
    ELSE (SELECT coalesce(array_agg(DISTINCT c.client_id), '{}') FROM courses_course c
          WHERE c.id = ANY ((SELECT courses_near_me() || courses_i_cover() || courses_that_wait())::uuid[])) END
$$;

CREATE OR REPLACE FUNCTION readable_courses() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) THEN '{}'::uuid[] ELSE courses_near_me() END
$$;

-- Courses whose clinical record I write: allocated to me now, and open.
CREATE OR REPLACE FUNCTION my_open_courses() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}')
  FROM courses_allocation a JOIN courses_course c ON c.id = a.course_id
  WHERE a.therapist_id = (SELECT me()) AND a.kind <> 'screening' AND c.status NOT IN ('ended', 'not_taken_on')
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
$$;

-- Courses of which I may read that the client may not be safe with somebody: near me other than to be screened.
CREATE OR REPLACE FUNCTION courses_with_my_concern() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) THEN '{}'::uuid[] ELSE coalesce(array_agg(DISTINCT a.course_id), '{}') END
  FROM courses_allocation a
  WHERE a.kind <> 'screening' AND a.course_id = ANY ((SELECT courses_near_me())::uuid[])
    AND (a.therapist_id = (SELECT me()) OR a.therapist_id = ANY ((SELECT my_supervisees())::uuid[]))
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
$$;

-- Clients whose facts I may correct: those of the courses whose record I write.
CREATE OR REPLACE FUNCTION my_open_clients() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT c.client_id), '{}') FROM courses_course c
  WHERE c.id = ANY ((SELECT my_open_courses())::uuid[])
$$;

-- Reflections that their author shows to me as their supervisor, while the author carries the course.
CREATE OR REPLACE FUNCTION reflections_shared_with_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(r.id), '{}') FROM therapy_sessions_reflection r
  JOIN therapy_sessions_reflectionshare s ON s.reflection_id = r.id AND s.ended_at IS NULL AND s.by_id = r.author_id
  WHERE r.author_id = ANY ((SELECT my_supervisees())::uuid[]) AND r.course_id = ANY ((SELECT courses_near_me())::uuid[])
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e
      WHERE e.session_id = r.session_id AND e.kind = 'wrong_client')
$$;

-- How many other clients could be mistaken for this one: a number and nothing else, so that the banner can warn a person
-- who may not know the other's name. Counts only for a client whom the caller may see.
CREATE OR REPLACE FUNCTION count_similar_clients(this_client uuid) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM clients_client one JOIN clients_client other
    ON other.similar_keys && one.similar_keys AND other.id <> one.id AND other.merged_into_id IS NULL
  WHERE one.id = this_client
    AND ((SELECT sees_all_names()) OR one.id = ANY ((SELECT visible_clients())::uuid[]))
$$;

-- Courses allocated to me now, also those that have ended and can still be read: there I add to what I signed.
CREATE OR REPLACE FUNCTION my_carried_courses() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}') FROM courses_allocation a
  WHERE a.therapist_id = (SELECT me()) AND a.kind <> 'screening'
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
$$;

-- What was entered for the wrong client is sealed: its words, scores and reasons are for the author and the lead alone. There
-- are few, so that each of these lists is short. Notes with their addenda:
CREATE OR REPLACE FUNCTION notes_sealed_from_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) THEN '{}'::uuid[] ELSE (
    SELECT coalesce(array_agg(n.id), '{}') FROM therapy_sessions_enteredinerror e
    JOIN therapy_sessions_note struck ON struck.id = e.note_id
    JOIN therapy_sessions_note n ON n.id = struck.id OR n.adds_to_id = struck.id
    WHERE e.kind = 'wrong_client' AND n.author_id IS DISTINCT FROM (SELECT me())
      AND struck.author_id IS DISTINCT FROM (SELECT me())) END
$$;

-- Sessions; without a note, whoever struck the session out is its author.
CREATE OR REPLACE FUNCTION sessions_sealed_from_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) THEN '{}'::uuid[] ELSE (
    SELECT coalesce(array_agg(e.session_id), '{}') FROM therapy_sessions_enteredinerror e
    LEFT JOIN therapy_sessions_note n ON n.id = e.note_id
    WHERE e.kind = 'wrong_client' AND e.session_id IS NOT NULL
      AND coalesce(n.author_id, e.by_id) IS DISTINCT FROM (SELECT me())) END
$$;

-- The questionnaires of such a session. What the client filled in by link is about the client, whatever was written beside it.
CREATE OR REPLACE FUNCTION responses_sealed_from_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(s.response_id), '{}') FROM therapy_sessions_sessionresponse s
  JOIN outcomes_response r ON r.id = s.response_id AND r.came <> 'link'
  WHERE s.session_id = ANY ((SELECT sessions_sealed_from_me())::uuid[])
$$;

-- Why it was struck out.
CREATE OR REPLACE FUNCTION errors_sealed_from_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) THEN '{}'::uuid[] ELSE (
    SELECT coalesce(array_agg(e.id), '{}') FROM therapy_sessions_enteredinerror e
    LEFT JOIN therapy_sessions_note n ON n.id = e.note_id
    WHERE e.kind = 'wrong_client' AND e.by_id IS DISTINCT FROM (SELECT me())
      AND n.author_id IS DISTINCT FROM (SELECT me())) END
$$;

-- What of a course was struck out, when, and whether for the wrong client: keys, kinds and times, never the reason.
CREATE OR REPLACE FUNCTION entered_in_error(of_course uuid)
  RETURNS TABLE (session_id uuid, note_id uuid, adds_to_id uuid, kind text, at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.session_id, e.note_id, n.adds_to_id, e.kind, e.at
  FROM therapy_sessions_enteredinerror e LEFT JOIN therapy_sessions_note n ON n.id = e.note_id
  WHERE e.course_id = of_course
    AND ((SELECT sees_all_content()) OR e.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

-- Unsigned notes of a course: numbers for those who may know that a draft exists and not what it says.
CREATE OR REPLACE FUNCTION count_drafts(of_course uuid) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM therapy_sessions_note n
  WHERE n.course_id = of_course AND n.signed_at IS NULL AND n.kind <> 'supervised'
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e
      WHERE e.note_id IN (n.id, n.adds_to_id) OR e.session_id = n.session_id)
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

-- Which notes a course has, since when, whether signed and what was decided about them: for those who may know that an
-- unsigned draft exists and not what it says. Keys, kinds and times only.
DROP FUNCTION IF EXISTS note_states(uuid);
CREATE FUNCTION note_states(of_course uuid)
  RETURNS TABLE (note_id uuid, kind text, session_id uuid, adds_to_id uuid, author_id uuid, started_at timestamptz,
    signed_at timestamptz, needs_cosign boolean, decision text, decided_at timestamptz, is_in_error boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.kind, n.session_id, n.adds_to_id, n.author_id, n.started_at, n.signed_at, n.needs_cosign, d.decision, d.at,
    EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)
  FROM therapy_sessions_note n
  LEFT JOIN LATERAL (SELECT c.decision, c.at FROM therapy_sessions_cosignature c WHERE c.note_id = n.id
    ORDER BY c.at DESC, c.id DESC LIMIT 1) d ON true
  WHERE n.course_id = of_course AND n.kind <> 'supervised'
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_note r WHERE r.id = n.adds_to_id AND r.kind = 'supervised')
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

-- Work that waits for a signature: drafts, and sessions held in the last two months of which no note was begun. One's own,
-- supervisees', or all for administrators, the lead and the system person. Keys and times only.
CREATE OR REPLACE FUNCTION unsigned_notes()
  RETURNS TABLE (note_id uuid, session_id uuid, course_id uuid, author_id uuid, kind text, due_from timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH authors AS (
    SELECT u.id FROM staff_user u WHERE (SELECT me()) IS NOT NULL AND ((SELECT sees_all_names()) OR u.id = (SELECT me())
      OR u.id = ANY ((SELECT my_supervisees())::uuid[])))
  SELECT n.id, n.session_id, n.course_id, n.author_id, n.kind::text, coalesce(s.ends_at, n.started_at)
  FROM therapy_sessions_note n JOIN authors a ON a.id = n.author_id
  LEFT JOIN therapy_sessions_therapysession s ON s.id = n.session_id
  WHERE n.signed_at IS NULL AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e
    WHERE e.note_id IN (n.id, n.adds_to_id) OR e.session_id = n.session_id)
  UNION ALL
  SELECT NULL, s.id, s.course_id, s.therapist_id, 'session', s.ends_at
  FROM authors a JOIN therapy_sessions_therapysession s ON s.therapist_id = a.id AND s.starts_at > now() - interval '60 days'
  JOIN courses_course c ON c.id = s.course_id AND c.status NOT IN ('ended', 'not_taken_on')
  WHERE s.attendance IN ('5', '6') AND s.entered_in_error_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.session_id = s.id)
$$;

-- A supervisor of this person is here today, or on leave with a deputy who is.
CREATE OR REPLACE FUNCTION somebody_supervises(this_person uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH away AS (SELECT v.person_id FROM staff_leave v
    WHERE (now() AT TIME ZONE 'Europe/London')::date BETWEEN v.starts_on AND v.ends_on)
  SELECT EXISTS (SELECT 1 FROM staff_supervisionline l
    JOIN staff_user s ON s.id = l.supervisor_id LEFT JOIN staff_user d ON d.id = l.deputy_id
    WHERE l.therapist_id = this_person
      AND l.starts_at <= clock_timestamp() AND (l.ends_at IS NULL OR l.ends_at > clock_timestamp())
      AND ((s.is_active AND 'supervisor' = ANY (s.roles) AND s.id NOT IN (SELECT person_id FROM away))
        OR (s.id IN (SELECT person_id FROM away) AND d.is_active AND d.id NOT IN (SELECT person_id FROM away))))
$$;

-- Nobody co-signs their own. The supervisor of the author does, the deputy while the supervisor is on leave; the lead when
-- neither is there, or when the author no longer carries the course, so that no supervisor can read it.
CREATE OR REPLACE FUNCTION may_cosign(of_note uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM therapy_sessions_note n
    WHERE n.id = of_note AND n.signed_at IS NOT NULL AND n.adds_to_id IS NULL AND n.author_id <> (SELECT me())
      AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)
      -- Nor what one added to another's note as a trainee.
      AND NOT EXISTS (SELECT 1 FROM therapy_sessions_note p WHERE p.adds_to_id = n.id AND p.author_id = (SELECT me())
        AND p.signed_at IS NOT NULL AND p.needs_cosign)
      -- It waits: the note, or an addendum to it, was signed by a trainee after the last decision.
      AND EXISTS (SELECT 1 FROM therapy_sessions_note p WHERE (p.id = n.id OR p.adds_to_id = n.id)
        AND p.signed_at IS NOT NULL AND p.needs_cosign
        AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM therapy_sessions_cosignature d WHERE d.note_id = n.id AND d.at >= p.signed_at))
      AND ((n.author_id = ANY ((SELECT my_supervisees())::uuid[]) AND n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
        OR ((SELECT i_am('lead')) AND (
          NOT somebody_supervises(n.author_id)
          OR NOT EXISTS (SELECT 1 FROM courses_allocation a
            WHERE a.course_id = n.course_id AND a.therapist_id = n.author_id
              AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp()))))))
$$;

-- For how many days after signing the writer may read the draft's earlier versions (sessions.models: HISTORY_AFTER_SIGNING).
CREATE OR REPLACE FUNCTION days_of_draft_history() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 30 $$;

-- The system person forgets the versions of drafts that were signed, or struck out, longer ago. Gives how many.
CREATE OR REPLACE FUNCTION forget_old_versions() RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  forgotten integer;
  before timestamptz := now() - make_interval(days => days_of_draft_history());
BEGIN
  IF NOT i_am_the_system() THEN RETURN 0; END IF;
  DELETE FROM therapy_sessions_draftversion v USING therapy_sessions_note n
    WHERE n.id = v.note_id AND (n.signed_at < before
      OR EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id AND e.at < before));
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;

-- Sessions of mine, of therapists or rooms, in a span of time: what a proposal of a free slot must keep clear of. Times only.
CREATE OR REPLACE FUNCTION times_taken(of_therapist uuid, of_client uuid, of_room uuid, since timestamptz, until timestamptz)
  RETURNS TABLE (starts_at timestamptz, ends_at timestamptz, taken text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.starts_at, s.ends_at,
    CASE WHEN s.therapist_id = of_therapist THEN 'therapist' WHEN s.client_id = of_client THEN 'client' ELSE 'room' END
  FROM therapy_sessions_therapysession s
  WHERE (SELECT me()) IS NOT NULL AND s.entered_in_error_at IS NULL
    AND (s.attendance IS NULL OR s.attendance IN ('3', '5', '6', '7'))
    AND s.starts_at < until AND s.ends_at > since
    AND (s.therapist_id = of_therapist OR s.client_id = of_client OR s.room_id = of_room)
$$;

-- The same for many therapists and rooms at once, and one client: whose key, from when, to when. Each is asked of its own index.
CREATE OR REPLACE FUNCTION times_taken_of(of_therapists uuid[], of_client uuid, of_rooms uuid[], since timestamptz, until timestamptz)
  RETURNS TABLE (whose uuid, starts_at timestamptz, ends_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, s.starts_at, s.ends_at FROM unnest(of_therapists) t (id) JOIN LATERAL (
    SELECT k.starts_at, k.ends_at FROM therapy_sessions_therapysession k
    WHERE k.therapist_id = t.id AND tstzrange(k.starts_at, k.ends_at, '[)') && tstzrange(since, until)
      AND k.entered_in_error_at IS NULL AND (k.attendance IS NULL OR k.attendance IN ('3', '5', '6', '7'))) s ON true
  WHERE (SELECT me()) IS NOT NULL
  UNION ALL
  SELECT r.id, s.starts_at, s.ends_at FROM unnest(of_rooms) r (id) JOIN LATERAL (
    SELECT k.starts_at, k.ends_at FROM therapy_sessions_therapysession k
    WHERE k.room_id = r.id AND tstzrange(k.starts_at, k.ends_at, '[)') && tstzrange(since, until)
      AND k.entered_in_error_at IS NULL AND (k.attendance IS NULL OR k.attendance IN ('3', '5', '6', '7'))) s ON true
  WHERE (SELECT me()) IS NOT NULL
  UNION ALL
  SELECT k.client_id, k.starts_at, k.ends_at FROM therapy_sessions_therapysession k
  WHERE (SELECT me()) IS NOT NULL AND k.client_id = of_client AND tstzrange(k.starts_at, k.ends_at, '[)') && tstzrange(since, until)
    AND k.entered_in_error_at IS NULL AND (k.attendance IS NULL OR k.attendance IN ('3', '5', '6', '7'))
$$;

-- The lead who has just allocated a course books its first appointment in that act: with that therapist, and none lies ahead yet.
CREATE OR REPLACE FUNCTION i_allocated_just_now(of_course uuid, of_therapist uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT i_am('lead')) AND EXISTS (SELECT 1 FROM courses_allocation a
      WHERE a.course_id = of_course AND a.therapist_id = of_therapist AND a.kind <> 'screening' AND a.by_id = (SELECT me())
        AND a.starts_at BETWEEN now() - interval '5 minutes' AND clock_timestamp()
        AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp()))
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_therapysession s WHERE s.course_id = of_course AND s.starts_at >= now()
      AND s.attendance IS NULL AND s.entered_in_error_at IS NULL)
$$;

-- Whether that person carries that course at that time, which may lie ahead: an appointment goes along with the course.
CREATE OR REPLACE FUNCTION carries_at(of_course uuid, of_therapist uuid, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = of_course AND a.therapist_id = of_therapist
    AND a.kind <> 'screening' AND a.starts_at <= at AND (a.ends_at IS NULL OR a.ends_at > at)
    AND ((SELECT sees_all_names()) OR a.course_id = ANY ((SELECT courses_near_me())::uuid[])))
$$;

-- To whom a missed session of this course goes: the therapist who carries it now.
CREATE OR REPLACE FUNCTION therapist_of(of_course uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.therapist_id FROM courses_allocation a WHERE a.course_id = of_course AND a.kind <> 'screening'
    AND ((SELECT sees_all_names()) OR a.course_id = ANY ((SELECT courses_near_me())::uuid[]))
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
  LIMIT 1
$$;

-- Which sessions of a course are signed: keys only, so that whoever renumbers a course leaves their phase alone.
CREATE OR REPLACE FUNCTION signed_sessions(of_course uuid) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(n.session_id), '{}') FROM therapy_sessions_note n
  WHERE n.course_id = of_course AND n.signed_at IS NOT NULL AND n.session_id IS NOT NULL
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

-- The client who fills in questionnaires by link: nobody who works here. A request's transaction says which cookie it has, as
-- the hash of its secret; the link counts while it is live and the date of birth was confirmed in that browser.
CREATE OR REPLACE FUNCTION my_link() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.id FROM outcomes_linkvisit v JOIN outcomes_link l ON l.id = v.link_id
  WHERE v.secret_hash = decode(nullif(current_setting('app.link', true), ''), 'hex') AND v.confirmed_at IS NOT NULL
    AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() AND (SELECT me()) IS NULL
$$;

CREATE OR REPLACE FUNCTION course_of_my_link() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.course_id FROM outcomes_link l WHERE l.id = (SELECT my_link())
$$;

-- What this link asks: codes of questionnaires, and goals.
CREATE OR REPLACE FUNCTION asked_by_my_link() RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT l.measures::text[] FROM outcomes_link l WHERE l.id = (SELECT my_link())), '{}')
$$;

CREATE OR REPLACE FUNCTION responses_of_my_link() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(r.id), '{}') FROM outcomes_response r WHERE r.link_id = (SELECT my_link())
$$;

-- A link by its token, exchanged for a cookie whose secret is hashed here. False where it cannot be filled in any more.
CREATE OR REPLACE FUNCTION open_by_link(of_token bytea, of_secret bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found outcomes_link;
BEGIN
  SELECT * INTO found FROM outcomes_link l
    WHERE l.token_hash = of_token AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() FOR UPDATE;
  IF found.id IS NULL OR octet_length(of_secret) <> 32 THEN RETURN false; END IF;
  -- A mail program that looks ahead opens it again and again: the last browsers are enough.
  DELETE FROM outcomes_linkvisit v WHERE v.link_id = found.id AND v.confirmed_at IS NULL AND v.id NOT IN (
    SELECT k.id FROM outcomes_linkvisit k WHERE k.link_id = found.id ORDER BY k.started_at DESC LIMIT 20);
  INSERT INTO outcomes_linkvisit (id, link_id, course_id, secret_hash, started_at)
    VALUES (gen_random_uuid(), found.id, found.course_id, of_secret, clock_timestamp());
  UPDATE outcomes_link SET opened_at = coalesce(opened_at, clock_timestamp()) WHERE id = found.id;
  RETURN true;
END $$;

-- The date of birth, five tries for the link, in whatever browser.
CREATE OR REPLACE FUNCTION confirm_by_link(of_secret bytea, born date) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found outcomes_link;
BEGIN
  SELECT l.* INTO found FROM outcomes_link l JOIN outcomes_linkvisit v ON v.link_id = l.id
    WHERE v.secret_hash = of_secret AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() FOR UPDATE OF l;
  IF found.id IS NULL THEN RETURN 'ended'; END IF;
  IF EXISTS (SELECT 1 FROM clients_client c JOIN courses_course k ON k.client_id = c.id
      WHERE k.id = found.course_id AND c.date_of_birth = born) THEN
    UPDATE outcomes_linkvisit SET confirmed_at = coalesce(confirmed_at, clock_timestamp()) WHERE secret_hash = of_secret;
    UPDATE outcomes_link SET confirmed_at = coalesce(confirmed_at, clock_timestamp()) WHERE id = found.id;
    RETURN 'ok';
  END IF;
  UPDATE outcomes_link SET tries = tries + 1,
    ended_at = CASE WHEN tries + 1 >= 5 THEN clock_timestamp() END,
    end_reason = CASE WHEN tries + 1 >= 5 THEN 'tries' ELSE '' END WHERE id = found.id;
  RETURN CASE WHEN found.tries + 1 >= 5 THEN 'ended' ELSE 'wrong' END;
END $$;

-- What the client's pages say. Before the date of birth was confirmed: only whether it may be, how many tries are left and when
-- the link ends. `state` is ended, confirm, open or finished; `needs_help`: one of the answers has raised an alert.
DROP FUNCTION IF EXISTS facts_by_link(bytea);
CREATE FUNCTION facts_by_link(of_secret bytea)
  RETURNS TABLE (state text, tries_left integer, end_reason text, expires_at timestamptz, link_id uuid, course_id uuid,
    client_id uuid, first_name text, for_day date, measures text[], needs_help boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.state, 5 - l.tries, l.end_reason::text, l.expires_at,
    CASE WHEN s.state = 'open' THEN l.id END, CASE WHEN s.state = 'open' THEN l.course_id END,
    CASE WHEN s.state = 'open' THEN k.client_id END,
    CASE WHEN s.state IN ('open', 'finished') THEN coalesce(nullif(c.preferred_name, ''), c.first_name) END,
    CASE WHEN s.state = 'open' THEN l.for_day END, CASE WHEN s.state = 'open' THEN l.measures::text[] END,
    s.state IN ('open', 'finished') AND EXISTS (SELECT 1 FROM outcomes_alert a JOIN outcomes_response r ON r.id = a.response_id
      WHERE r.link_id = l.id)
  FROM outcomes_linkvisit v JOIN outcomes_link l ON l.id = v.link_id
  JOIN courses_course k ON k.id = l.course_id JOIN clients_client c ON c.id = k.client_id
  CROSS JOIN LATERAL (SELECT CASE
    -- Thanks by name, while the link would have lasted.
    WHEN l.finished_at IS NOT NULL AND v.confirmed_at IS NOT NULL AND l.expires_at > clock_timestamp() THEN 'finished'
    WHEN l.ended_at IS NOT NULL OR l.expires_at <= clock_timestamp() THEN 'ended'
    WHEN v.confirmed_at IS NULL THEN 'confirm' ELSE 'open' END AS state) s
  WHERE v.secret_hash = of_secret
$$;

-- How far the client came: begun, answered, finished. A link ends with its last question.
CREATE OR REPLACE FUNCTION step_by_link(what text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE this uuid := my_link();
BEGIN
  IF this IS NULL OR what NOT IN ('begun', 'answered', 'finished') THEN RETURN false; END IF;
  UPDATE outcomes_link SET
    begun_at = coalesce(begun_at, clock_timestamp()),
    last_answer_at = CASE WHEN what = 'answered' THEN clock_timestamp() ELSE last_answer_at END,
    finished_at = CASE WHEN what = 'finished' THEN clock_timestamp() END,
    ended_at = CASE WHEN what = 'finished' THEN clock_timestamp() END,
    end_reason = CASE WHEN what = 'finished' THEN 'finished' ELSE '' END
  WHERE id = this;
  RETURN true;
END $$;

-- The link row itself, held until the transaction ends: two windows of one client answer one after the other.
CREATE OR REPLACE FUNCTION hold_my_link() RETURNS uuid
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.id FROM outcomes_link l WHERE l.id = my_link() FOR UPDATE
$$;

-- The course of an alert, held by whoever writes about the alert before they hold the alert: a therapist who saves a draft holds
-- the course first too, and nobody waits crosswise. True where there is such a course for the reader.
CREATE OR REPLACE FUNCTION hold_course(this_course uuid) RETURNS boolean
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM (
    SELECT c.id FROM courses_course c WHERE c.id = this_course
      AND ((SELECT sees_all_names()) OR c.id = ANY ((SELECT visible_courses())::uuid[])) FOR KEY SHARE) held)
$$;

-- What an administrator may know of a referral's clinical part: how many words and standing letters there are, whether something was
-- ticked about harm is not among it. Numbers and times only.
CREATE OR REPLACE FUNCTION clinical_parts_of(of_course uuid)
  RETURNS TABLE (words integer, letters integer, last_letter_at timestamptz, screenings integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*)::integer FROM referrals_referralwords w WHERE w.course_id = c.id AND w.problem <> ''),
    (SELECT count(*)::integer FROM referrals_referralletter l WHERE l.course_id = c.id AND l.withdrawn_at IS NULL),
    (SELECT max(l.uploaded_at) FROM referrals_referralletter l WHERE l.course_id = c.id AND l.withdrawn_at IS NULL),
    (SELECT count(*)::integer FROM referrals_screening s WHERE s.course_id = c.id)
  FROM courses_course c WHERE c.id = of_course
    AND ((SELECT sees_all_names()) OR c.id = ANY ((SELECT visible_courses())::uuid[]))
$$;

-- Letters that I uploaded and that stand: which and when, so that I can withdraw one that I may not read. Without its name.
CREATE OR REPLACE FUNCTION letters_i_uploaded(of_course uuid)
  RETURNS TABLE (id uuid, uploaded_at timestamptz, kind text, size integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.id, l.uploaded_at, l.kind::text, l.size FROM referrals_referralletter l
  WHERE l.course_id = of_course AND l.uploaded_by_id = (SELECT me()) AND l.withdrawn_at IS NULL
    AND ((SELECT sees_all_names()) OR l.course_id = ANY ((SELECT visible_courses())::uuid[]))
  ORDER BY l.uploaded_at, l.id
$$;

-- Who uploaded a letter by mistake withdraws it, though an administrator may not read it afterwards. Gives whether it was withdrawn.
CREATE OR REPLACE FUNCTION withdraw_letter(of_letter uuid, why text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE referrals_referralletter l SET withdrawn_at = clock_timestamp(), withdrawn_by_id = me(), withdrawn_why = left(why, 300)
    WHERE l.id = of_letter AND l.withdrawn_at IS NULL AND why <> '' AND me() IS NOT NULL
      AND (i_am('lead') OR l.course_id = ANY (my_screenings()) OR (i_am('administrator') AND l.uploaded_by_id = me()));
  RETURN FOUND;
END $$;

-- Likely focus and first scores of people who wait, for those who screen and the lead: the newest screening, and the first total
-- of each questionnaire. Of courses that are referred or wait, and no other.
CREATE OR REPLACE FUNCTION first_scores_of(of_courses uuid[])
  RETURNS TABLE (course_id uuid, likely_focus text, phq9 integer, gad7 integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id,
    (SELECT s.likely_focus::text FROM referrals_screening s WHERE s.course_id = c.id ORDER BY s.at DESC, s.id DESC LIMIT 1),
    (SELECT r.total::integer FROM outcomes_response r WHERE r.course_id = c.id AND r.measure = 'phq9' AND r.total IS NOT NULL
      AND r.in_error_at IS NULL ORDER BY r.taken_at, r.entered_at LIMIT 1),
    (SELECT r.total::integer FROM outcomes_response r WHERE r.course_id = c.id AND r.measure = 'gad7' AND r.total IS NOT NULL
      AND r.in_error_at IS NULL ORDER BY r.taken_at, r.entered_at LIMIT 1)
  FROM courses_course c WHERE c.id = ANY (of_courses) AND c.status IN ('referred', 'waiting')
    AND ((SELECT i_am('lead')) OR (SELECT i_screen()))
$$;

-- Alerts of the whole clinic as two numbers, for the office: how many are open, and how many of them nobody has answered.
CREATE OR REPLACE FUNCTION count_open_alerts() RETURNS TABLE (open integer, unanswered integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer, count(*) FILTER (WHERE a.acknowledged_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM outcomes_alertact d WHERE d.alert_id = a.id))::integer
  FROM outcomes_alert a WHERE a.closed_at IS NULL AND (SELECT sees_all_names())
$$;
-- --- Supervision ---------------------------------------------------------------------------------------------------------

-- Courses whose therapist I supervise now: there I hold supervision. Never one that is allocated to me.
CREATE OR REPLACE FUNCTION courses_i_supervise() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.course_id), '{}') FROM courses_allocation a
  WHERE a.therapist_id = ANY ((SELECT my_supervisees())::uuid[]) AND a.kind <> 'screening'
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND NOT EXISTS (SELECT 1 FROM courses_allocation o WHERE o.course_id = a.course_id AND o.therapist_id = (SELECT me())
      AND o.starts_at <= clock_timestamp() AND (o.ends_at IS NULL OR o.ends_at > clock_timestamp()))
$$;

-- Supervision records from before my line, with their addenda: a new line reads them only where the clinic says so. Whoever
-- wrote one, carries the course or is the lead reads them all the same.
CREATE OR REPLACE FUNCTION supervision_sealed_from_me() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_content()) OR coalesce((SELECT supervision_history_for_new_line FROM staff_clinic), false)
    THEN '{}'::uuid[] ELSE (
    WITH sealed AS (SELECT r.id FROM therapy_sessions_note r WHERE r.kind = 'supervised' AND r.author_id IS DISTINCT FROM (SELECT me())
      AND r.course_id = ANY ((SELECT courses_near_me())::uuid[])
      AND NOT EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = r.course_id AND a.therapist_id = (SELECT me())
        AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp()))
      AND NOT EXISTS (SELECT 1 FROM courses_allocation a JOIN staff_supervisionline l ON l.therapist_id = a.therapist_id
        WHERE a.course_id = r.course_id AND (l.supervisor_id = (SELECT me()) OR (l.deputy_id = (SELECT me()) AND EXISTS (
            SELECT 1 FROM staff_leave v WHERE v.person_id = l.supervisor_id
              AND (now() AT TIME ZONE 'Europe/London')::date BETWEEN v.starts_on AND v.ends_on)))
          AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
          AND l.starts_at <= r.signed_at AND (l.ends_at IS NULL OR l.ends_at > clock_timestamp())))
    -- Two questions, each by an index: joined in one, all notes of the clinic would be read through.
    SELECT coalesce(array_agg(id), '{}') FROM (SELECT id FROM sealed
      UNION ALL SELECT n.id FROM therapy_sessions_note n JOIN sealed s ON n.adds_to_id = s.id) of_both) END
$$;

-- Supervision meetings that I held or at which I was.
CREATE OR REPLACE FUNCTION my_meetings() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(m.id), '{}') FROM supervision_meeting m
  WHERE m.supervisor_id = (SELECT me())
     OR EXISTS (SELECT 1 FROM supervision_meetingperson p WHERE p.meeting_id = m.id AND p.person_id = (SELECT me()))
$$;

-- Those that I hold and have not signed: there I write.
CREATE OR REPLACE FUNCTION my_open_meetings() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(m.id), '{}') FROM supervision_meeting m
  WHERE m.supervisor_id = (SELECT me()) AND m.signed_at IS NULL
$$;

-- Cases of a meeting of mine that are no longer mine to write, unsigned: how many with words, and how many without.
DROP FUNCTION IF EXISTS cases_out_of_reach(uuid);
CREATE FUNCTION cases_out_of_reach(of_meeting uuid) RETURNS TABLE (written integer, unwritten integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(n.id)::integer, (count(*) - count(n.id))::integer FROM supervision_case c
  JOIN supervision_meeting m ON m.id = c.meeting_id AND m.supervisor_id = (SELECT me())
  LEFT JOIN therapy_sessions_note n ON n.id = c.note_id
  WHERE c.meeting_id = of_meeting AND n.signed_at IS NULL AND c.course_id <> ALL ((SELECT courses_i_supervise())::uuid[])
    AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)
$$;

-- --- Practice ------------------------------------------------------------------------------------------------------------

-- Of those people: whose practice I may know. Myself, whom I supervise, for the lead everybody.
CREATE OR REPLACE FUNCTION practice_i_know(people uuid[]) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(u.id), '{}') FROM staff_user u WHERE u.id = ANY (people)
    AND (u.id = (SELECT me()) OR (SELECT i_am('lead')) OR u.id = ANY ((SELECT my_supervisees())::uuid[]))
$$;

-- Signed supervision meetings at which they were: when, how long, of which kind, who held them.
CREATE OR REPLACE FUNCTION practice_meetings(people uuid[])
  RETURNS TABLE (person_id uuid, held_at timestamptz, minutes integer, kind text, supervisor_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.person_id, m.held_at, m.minutes::integer, m.kind::text, m.supervisor_id
  FROM supervision_meetingperson p JOIN supervision_meeting m ON m.id = p.meeting_id
  WHERE p.person_id = ANY ((SELECT practice_i_know(people))::uuid[]) AND m.signed_at IS NOT NULL
  ORDER BY m.held_at, m.id
$$;

-- Every case of theirs that was discussed in such a meeting, by a signed record that stands: for the functions below, and for
-- nobody else. A case's number counts a therapist's cases in the order in which they were first discussed; `cases` is how many
-- were discussed in that meeting.
CREATE OR REPLACE FUNCTION practice_records(people uuid[])
  RETURNS TABLE (person_id uuid, course_id uuid, number integer, held_at timestamptz, minutes integer, cases integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH known AS (SELECT unnest(practice_i_know(people)) AS id),
  standing AS (
    SELECT c.meeting_id, c.course_id, c.therapist_id, m.held_at, m.minutes::integer AS minutes,
      (count(*) OVER (PARTITION BY c.meeting_id))::integer AS cases
    FROM supervision_case c JOIN supervision_meeting m ON m.id = c.meeting_id JOIN therapy_sessions_note n ON n.id = c.note_id
    WHERE m.signed_at IS NOT NULL AND n.kind = 'supervised' AND n.signed_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)
      AND c.meeting_id IN (SELECT o.meeting_id FROM supervision_case o JOIN known k ON k.id = o.therapist_id)
  ), theirs AS (
    SELECT s.*, min(s.held_at) OVER (PARTITION BY s.therapist_id, s.course_id) AS first_at
    FROM standing s JOIN known k ON k.id = s.therapist_id
    WHERE EXISTS (SELECT 1 FROM supervision_meetingperson p WHERE p.meeting_id = s.meeting_id AND p.person_id = s.therapist_id)
  )
  SELECT t.therapist_id, t.course_id,
    (dense_rank() OVER (PARTITION BY t.therapist_id ORDER BY t.first_at, t.course_id))::integer, t.held_at, t.minutes, t.cases
  FROM theirs t
$$;
REVOKE ALL ON FUNCTION practice_records(uuid[]) FROM PUBLIC;

-- Their supervised cases by number: the focus areas that stand, and which course it is where I may read it.
CREATE OR REPLACE FUNCTION practice_cases(people uuid[])
  RETURNS TABLE (person_id uuid, number integer, course_id uuid, areas text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.person_id, r.number,
    CASE WHEN (SELECT sees_all_content()) OR r.course_id = ANY ((SELECT readable_courses())::uuid[]) THEN r.course_id END,
    ARRAY(SELECT DISTINCT f.area::text FROM courses_focus f WHERE f.course_id = r.course_id AND f.ended_at IS NULL ORDER BY 1)
  FROM practice_records(people) r ORDER BY 1, 2
$$;

-- When each case was discussed, how long the meeting was and among how many cases it was divided.
CREATE OR REPLACE FUNCTION practice_discussed(people uuid[])
  RETURNS TABLE (person_id uuid, number integer, held_at timestamptz, minutes integer, cases integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.person_id, r.number, r.held_at, r.minutes, r.cases FROM practice_records(people) r ORDER BY r.person_id, r.held_at
$$;

-- When they held the sessions of these cases: treatment in which the client was seen.
CREATE OR REPLACE FUNCTION practice_sessions(people uuid[])
  RETURNS TABLE (person_id uuid, number integer, starts_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.person_id, r.number, s.starts_at
  FROM (SELECT DISTINCT person_id, course_id, number FROM practice_records(people)) r
  JOIN therapy_sessions_therapysession s ON s.course_id = r.course_id AND s.therapist_id = r.person_id
  WHERE s.number IS NOT NULL AND s.entered_in_error_at IS NULL ORDER BY s.starts_at
$$;

-- Ratings of their sessions: the day of the session, the points by item, whether it was recorded, and the number of the case
-- where it was discussed. They outlast the access to the course, so nothing else of it stands here.
CREATE OR REPLACE FUNCTION practice_ratings(people uuid[])
  RETURNS TABLE (person_id uuid, number integer, session_at timestamptz, rated_at timestamptz, form integer, scores jsonb,
    overall text, is_recorded boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.therapist_id, r.number, s.starts_at, a.rated_at, a.form, a.scores, a.overall::text,
    EXISTS (SELECT 1 FROM supervision_recording g WHERE g.session_id = a.session_id)
  FROM supervision_rating a JOIN therapy_sessions_therapysession s ON s.id = a.session_id
  LEFT JOIN (SELECT DISTINCT d.person_id, d.course_id, d.number FROM practice_records(people) d) r
    ON r.person_id = a.therapist_id AND r.course_id = a.course_id
  WHERE a.therapist_id = ANY ((SELECT practice_i_know(people))::uuid[]) AND s.entered_in_error_at IS NULL
  ORDER BY s.starts_at, a.rated_at
$$;

-- What hangs on a supervision line, as three numbers for whoever ends it: its supervisor's unsigned records of this therapist's
-- cases, what is on the agenda for the therapist's courses, and their notes that wait to be co-signed.
CREATE OR REPLACE FUNCTION hangs_on_line(of_line uuid) RETURNS TABLE (records integer, items integer, to_cosign integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    (SELECT count(*)::integer FROM supervision_case c JOIN therapy_sessions_note n ON n.id = c.note_id
      WHERE c.therapist_id = l.therapist_id AND n.author_id = l.supervisor_id AND n.signed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)),
    (SELECT count(*)::integer FROM supervision_agendaitem i WHERE i.closed_at IS NULL
      AND EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = i.course_id AND a.therapist_id = l.therapist_id
        AND a.kind <> 'screening' AND a.starts_at <= clock_timestamp()
        AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp()))),
    (SELECT count(*)::integer FROM therapy_sessions_note n WHERE n.author_id = l.therapist_id AND n.adds_to_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = n.id)
      AND EXISTS (SELECT 1 FROM therapy_sessions_note p WHERE (p.id = n.id OR p.adds_to_id = n.id)
        AND p.signed_at IS NOT NULL AND p.needs_cosign
        AND NOT EXISTS (SELECT 1 FROM therapy_sessions_enteredinerror e WHERE e.note_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM therapy_sessions_cosignature d WHERE d.note_id = n.id AND d.at >= p.signed_at)))
  FROM staff_supervisionline l WHERE l.id = of_line AND (SELECT sees_all_names())
$$;

DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = ANY (ARRAY[
    'me', 'i_am', 'count_open_alerts', 'i_am_the_system', 'sees_all_names', 'sees_all_content', 'my_supervisees', 'courses_near_me',
    'courses_at_hand', 'clients_at_hand', 'visible_courses', 'visible_clients', 'readable_courses', 'my_open_courses', 'my_open_clients',
    'reflections_shared_with_me', 'count_similar_clients', 'count_drafts', 'note_states', 'times_taken', 'times_taken_of',
    'i_allocated_just_now', 'carries_at', 'therapist_of',
    'signed_sessions', 'my_carried_courses', 'courses_with_my_concern', 'notes_sealed_from_me', 'sessions_sealed_from_me', 'responses_sealed_from_me',
    'errors_sealed_from_me', 'entered_in_error', 'unsigned_notes',
    'may_cosign', 'somebody_supervises', 'i_screen', 'courses_that_wait', 'my_screenings', 'clinical_parts_of', 'letters_i_uploaded', 'withdraw_letter',
    'practice_i_know', 'practice_meetings', 'practice_cases', 'practice_discussed', 'practice_sessions', 'practice_ratings',
    'courses_i_supervise', 'supervision_sealed_from_me', 'my_meetings', 'my_open_meetings', 'cases_out_of_reach', 'hangs_on_line',
    'first_scores_of', 'days_of_draft_history', 'forget_old_versions', 'courses_i_cover', 'my_link',
    'course_of_my_link', 'responses_of_my_link', 'asked_by_my_link', 'hold_my_link', 'hold_course', 'open_by_link', 'confirm_by_link', 'facts_by_link', 'step_by_link'])
  LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
       EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ipt_app', f);
  END LOOP;
END $$;
