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

CREATE OR REPLACE FUNCTION visible_courses() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[] ELSE courses_near_me() END
$$;

CREATE OR REPLACE FUNCTION visible_clients() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN (SELECT sees_all_names()) THEN '{}'::uuid[]
    ELSE (SELECT coalesce(array_agg(DISTINCT c.client_id), '{}') FROM courses_course c
          WHERE c.id = ANY ((SELECT courses_near_me())::uuid[])) END
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
  WHERE a.therapist_id = (SELECT me()) AND c.status NOT IN ('ended', 'not_taken_on')
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
    AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = (SELECT me()) AND u.is_active)
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
$$;

-- How many other clients could be mistaken for this one: a number and nothing else, so that the banner can warn a person
-- who may not know the other's name. Counts only for a client whom the caller may see.
CREATE OR REPLACE FUNCTION count_similar_clients(this_client uuid) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM clients_client one JOIN clients_client other
    ON other.similar_keys && one.similar_keys AND other.id <> one.id
  WHERE one.id = this_client
    AND ((SELECT sees_all_names()) OR one.id = ANY ((SELECT visible_clients())::uuid[]))
$$;

-- Unsigned notes of a course: numbers for those who may know that a draft exists and not what it says.
CREATE OR REPLACE FUNCTION count_drafts(of_course uuid) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM therapy_sessions_note n
  WHERE n.course_id = of_course AND n.signed_at IS NULL
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

-- Which sessions of a course have a note, since when and whether it is signed: for those who may know that an unsigned draft
-- exists and not what it says. Keys and times only.
CREATE OR REPLACE FUNCTION note_states(of_course uuid)
  RETURNS TABLE (session_id uuid, author_id uuid, started_at timestamptz, signed_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.session_id, n.author_id, n.started_at, n.signed_at FROM therapy_sessions_note n
  WHERE n.course_id = of_course
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

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

-- To whom a missed session of this course goes: the therapist who carries it now.
CREATE OR REPLACE FUNCTION therapist_of(of_course uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.therapist_id FROM courses_allocation a WHERE a.course_id = of_course
    AND ((SELECT sees_all_names()) OR a.course_id = ANY ((SELECT courses_near_me())::uuid[]))
    AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp())
  LIMIT 1
$$;

-- Which sessions of a course are signed: keys only, so that whoever renumbers a course leaves their phase alone.
CREATE OR REPLACE FUNCTION signed_sessions(of_course uuid) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(n.session_id), '{}') FROM therapy_sessions_note n
  WHERE n.course_id = of_course AND n.signed_at IS NOT NULL
    AND ((SELECT sees_all_names()) OR n.course_id = ANY ((SELECT courses_near_me())::uuid[]))
$$;

DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = ANY (ARRAY[
    'me', 'i_am', 'i_am_the_system', 'sees_all_names', 'sees_all_content', 'my_supervisees', 'courses_near_me',
    'visible_courses', 'visible_clients', 'readable_courses', 'my_open_courses', 'my_open_clients',
    'reflections_shared_with_me', 'count_similar_clients', 'count_drafts', 'note_states', 'times_taken', 'therapist_of',
    'signed_sessions'])
  LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
       EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ipt_app', f);
  END LOOP;
END $$;
