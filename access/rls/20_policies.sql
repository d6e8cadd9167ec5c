-- Wall two, table by table. SELECT, INSERT and UPDATE are separate sentences; nothing set means no rows.
-- No FORCE: the owner must see rows (definer functions, data migrations). Safe twice.


-- Clients: all of them for administrators and the lead, one's own for a therapist, supervisees' for a supervisor.
ALTER TABLE clients_client ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS clients_client_select ON clients_client;
CREATE POLICY clients_client_select ON clients_client FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR ((SELECT i_screen()) AND id IN (SELECT c.client_id FROM courses_course c WHERE c.status IN ('referred', 'waiting'))) OR id = ANY ((SELECT clients_at_hand())::uuid[]));
DROP POLICY IF EXISTS clients_client_insert ON clients_client;
CREATE POLICY clients_client_insert ON clients_client FOR INSERT TO ipt_app WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));
DROP POLICY IF EXISTS clients_client_update ON clients_client;
CREATE POLICY clients_client_update ON clients_client FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR id = ANY ((SELECT my_open_clients())::uuid[])) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR id = ANY ((SELECT my_open_clients())::uuid[]));
DROP POLICY IF EXISTS clients_client_delete ON clients_client;

-- Courses. Opened by those who run the waiting list; changed by them and by the therapist who carries it.
ALTER TABLE courses_course ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_course_select ON courses_course;
CREATE POLICY courses_course_select ON courses_course FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR ((SELECT i_screen()) AND status IN ('referred', 'waiting')) OR id = ANY ((SELECT courses_at_hand())::uuid[]));
DROP POLICY IF EXISTS courses_course_insert ON courses_course;
CREATE POLICY courses_course_insert ON courses_course FOR INSERT TO ipt_app WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));
DROP POLICY IF EXISTS courses_course_update ON courses_course;
CREATE POLICY courses_course_update ON courses_course FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR id = ANY ((SELECT my_open_courses())::uuid[]) OR id = ANY ((SELECT my_screenings())::uuid[])) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS courses_course_delete ON courses_course;

-- Status moves: of those who run the waiting list, and of the therapist, also in the minute in which they end the course.
ALTER TABLE courses_coursemove ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_coursemove_select ON courses_coursemove;
CREATE POLICY courses_coursemove_select ON courses_coursemove FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS courses_coursemove_insert ON courses_coursemove;
CREATE POLICY courses_coursemove_insert ON courses_coursemove FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR EXISTS (SELECT 1 FROM courses_allocation a WHERE a.course_id = courses_coursemove.course_id AND a.therapist_id = (SELECT me()) AND a.starts_at <= clock_timestamp() AND (a.ends_at IS NULL OR a.ends_at > clock_timestamp()))));
DROP POLICY IF EXISTS courses_coursemove_update ON courses_coursemove;
DROP POLICY IF EXISTS courses_coursemove_delete ON courses_coursemove;

-- Allocations, to therapists alone. The therapist who ends a course dates the end of their own.
ALTER TABLE courses_allocation ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_allocation_select ON courses_allocation;
CREATE POLICY courses_allocation_select ON courses_allocation FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR ((SELECT i_screen()) AND course_id IN (SELECT c.id FROM courses_course c WHERE c.status IN ('referred', 'waiting'))) OR course_id = ANY ((SELECT courses_at_hand())::uuid[]));
DROP POLICY IF EXISTS courses_allocation_insert ON courses_allocation;
CREATE POLICY courses_allocation_insert ON courses_allocation FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))) AND EXISTS (SELECT 1 FROM staff_user u WHERE u.id = therapist_id AND u.is_active AND 'therapist' = ANY (u.roles) AND (kind <> 'screening' OR u.is_screener)));
DROP POLICY IF EXISTS courses_allocation_update ON courses_allocation;
CREATE POLICY courses_allocation_update ON courses_allocation FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR (therapist_id = (SELECT me()) AND course_id = ANY ((SELECT courses_near_me())::uuid[]))) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR (therapist_id = (SELECT me()) AND course_id = ANY ((SELECT courses_near_me())::uuid[])));
DROP POLICY IF EXISTS courses_allocation_delete ON courses_allocation;

-- Agreed focus: clinical content.
ALTER TABLE courses_focus ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_focus_select ON courses_focus;
CREATE POLICY courses_focus_select ON courses_focus FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS courses_focus_insert ON courses_focus;
CREATE POLICY courses_focus_insert ON courses_focus FOR INSERT TO ipt_app WITH CHECK (agreed_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_focus_update ON courses_focus;
CREATE POLICY courses_focus_update ON courses_focus FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_focus_delete ON courses_focus;

-- Goals: clinical content, and what a client rates by link.
ALTER TABLE courses_goal ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_goal_select ON courses_goal;
CREATE POLICY courses_goal_select ON courses_goal FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR (course_id = (SELECT course_of_my_link()) AND 'goals' = ANY ((SELECT asked_by_my_link())::text[])));
DROP POLICY IF EXISTS courses_goal_insert ON courses_goal;
CREATE POLICY courses_goal_insert ON courses_goal FOR INSERT TO ipt_app WITH CHECK (agreed_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_goal_update ON courses_goal;
CREATE POLICY courses_goal_update ON courses_goal FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_goal_delete ON courses_goal;

-- Questionnaires. By link a client writes those of that link, and reads no other.
ALTER TABLE outcomes_response ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_response_select ON outcomes_response;
CREATE POLICY outcomes_response_select ON outcomes_response FOR SELECT TO ipt_app USING ((((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND id <> ALL ((SELECT responses_sealed_from_me())::uuid[])) OR link_id = (SELECT my_link()));
DROP POLICY IF EXISTS outcomes_response_insert ON outcomes_response;
CREATE POLICY outcomes_response_insert ON outcomes_response FOR INSERT TO ipt_app WITH CHECK ((entered_by_id = (SELECT me()) AND (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT my_screenings())::uuid[]))) OR (link_id = (SELECT my_link()) AND measure = ANY ((SELECT asked_by_my_link())::text[]) AND entered_by_id IS NULL AND in_error_at IS NULL AND locked_at IS NULL));
DROP POLICY IF EXISTS outcomes_response_update ON outcomes_response;
CREATE POLICY outcomes_response_update ON outcomes_response FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (link_id = (SELECT my_link()) AND in_error_at IS NULL AND locked_at IS NULL) OR ((SELECT i_am('lead')) AND in_error_at IS NULL)) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (link_id = (SELECT my_link()) AND in_error_at IS NULL AND locked_at IS NULL) OR (SELECT i_am('lead')));
DROP POLICY IF EXISTS outcomes_response_delete ON outcomes_response;

-- How near the goals are.
ALTER TABLE outcomes_goalrating ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_goalrating_select ON outcomes_goalrating;
CREATE POLICY outcomes_goalrating_select ON outcomes_goalrating FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR link_id = (SELECT my_link()));
DROP POLICY IF EXISTS outcomes_goalrating_insert ON outcomes_goalrating;
CREATE POLICY outcomes_goalrating_insert ON outcomes_goalrating FOR INSERT TO ipt_app WITH CHECK ((entered_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[])) OR (link_id = (SELECT my_link()) AND 'goals' = ANY ((SELECT asked_by_my_link())::text[]) AND entered_by_id IS NULL));
DROP POLICY IF EXISTS outcomes_goalrating_update ON outcomes_goalrating;
DROP POLICY IF EXISTS outcomes_goalrating_delete ON outcomes_goalrating;

-- Alerts: raised by an entry, by a client's answer, or by hand; answered by therapist, supervisor, lead, or whoever covers
-- while it is open and not restricted.
ALTER TABLE outcomes_alert ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_alert_select ON outcomes_alert;
CREATE POLICY outcomes_alert_select ON outcomes_alert FOR SELECT TO ipt_app USING ((((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR ((closed_at IS NULL OR closed_by_id = (SELECT me())) AND kind IN ('answer', 'thoughts', 'plan') AND course_id = ANY ((SELECT courses_i_cover())::uuid[]))) AND (response_id IS NULL OR response_id <> ALL ((SELECT responses_sealed_from_me())::uuid[]))) OR response_id = ANY ((SELECT responses_of_my_link())::uuid[]));
DROP POLICY IF EXISTS outcomes_alert_insert ON outcomes_alert;
CREATE POLICY outcomes_alert_insert ON outcomes_alert FOR INSERT TO ipt_app WITH CHECK ((kind = 'answer' AND (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT my_screenings())::uuid[]))) OR (kind <> 'answer' AND raised_by_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]))) OR (kind = 'answer' AND raised_by_id IS NULL AND acknowledged_at IS NULL AND closed_at IS NULL AND response_id = ANY ((SELECT responses_of_my_link())::uuid[])));
DROP POLICY IF EXISTS outcomes_alert_update ON outcomes_alert;
CREATE POLICY outcomes_alert_update ON outcomes_alert FOR UPDATE TO ipt_app USING ((((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR (kind IN ('answer', 'thoughts', 'plan') AND course_id = ANY ((SELECT courses_i_cover())::uuid[]))) AND (response_id IS NULL OR response_id <> ALL ((SELECT responses_sealed_from_me())::uuid[]))) OR (closed_at IS NULL AND response_id = ANY ((SELECT responses_of_my_link())::uuid[]))) WITH CHECK ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_cover())::uuid[]) OR (closed_at IS NULL AND response_id = ANY ((SELECT responses_of_my_link())::uuid[])));
DROP POLICY IF EXISTS outcomes_alert_delete ON outcomes_alert;

-- What was done about an alert: by whoever may see it. The last act of who covers closes it and with it their view.
ALTER TABLE outcomes_alertact ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_alertact_select ON outcomes_alertact;
CREATE POLICY outcomes_alertact_select ON outcomes_alertact FOR SELECT TO ipt_app USING ((SELECT me()) IS NOT NULL AND EXISTS (SELECT 1 FROM outcomes_alert a WHERE a.id = alert_id));
DROP POLICY IF EXISTS outcomes_alertact_insert ON outcomes_alertact;
CREATE POLICY outcomes_alertact_insert ON outcomes_alertact FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND EXISTS (SELECT 1 FROM outcomes_alert a WHERE a.id = alert_id AND a.closed_at IS NULL));
DROP POLICY IF EXISTS outcomes_alertact_update ON outcomes_alertact;
DROP POLICY IF EXISTS outcomes_alertact_delete ON outcomes_alertact;

-- Who was told: written by the system person.
ALTER TABLE outcomes_alerttold ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_alerttold_select ON outcomes_alerttold;
CREATE POLICY outcomes_alerttold_select ON outcomes_alerttold FOR SELECT TO ipt_app USING ((SELECT me()) IS NOT NULL AND EXISTS (SELECT 1 FROM outcomes_alert a WHERE a.id = alert_id));
DROP POLICY IF EXISTS outcomes_alerttold_insert ON outcomes_alerttold;
CREATE POLICY outcomes_alerttold_insert ON outcomes_alerttold FOR INSERT TO ipt_app WITH CHECK ((SELECT i_am_the_system()));
DROP POLICY IF EXISTS outcomes_alerttold_update ON outcomes_alerttold;
DROP POLICY IF EXISTS outcomes_alerttold_delete ON outcomes_alerttold;

-- The safety plan: clinical content, and for whoever covers while an alert waits.
ALTER TABLE outcomes_safetyplan ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_safetyplan_select ON outcomes_safetyplan;
CREATE POLICY outcomes_safetyplan_select ON outcomes_safetyplan FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_cover())::uuid[]));
DROP POLICY IF EXISTS outcomes_safetyplan_insert ON outcomes_safetyplan;
CREATE POLICY outcomes_safetyplan_insert ON outcomes_safetyplan FOR INSERT TO ipt_app WITH CHECK (written_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_carried_courses())::uuid[]));
DROP POLICY IF EXISTS outcomes_safetyplan_update ON outcomes_safetyplan;
DROP POLICY IF EXISTS outcomes_safetyplan_delete ON outcomes_safetyplan;

-- Copies of it that were given.
ALTER TABLE outcomes_safetyplancopy ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_safetyplancopy_select ON outcomes_safetyplancopy;
CREATE POLICY outcomes_safetyplancopy_select ON outcomes_safetyplancopy FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS outcomes_safetyplancopy_insert ON outcomes_safetyplancopy;
CREATE POLICY outcomes_safetyplancopy_insert ON outcomes_safetyplancopy FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_carried_courses())::uuid[]));
DROP POLICY IF EXISTS outcomes_safetyplancopy_update ON outcomes_safetyplancopy;
DROP POLICY IF EXISTS outcomes_safetyplancopy_delete ON outcomes_safetyplancopy;

-- Links to questionnaires: the diary's. Sent by the therapist, an administrator or the schedule.
ALTER TABLE outcomes_link ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_link_select ON outcomes_link;
CREATE POLICY outcomes_link_select ON outcomes_link FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS outcomes_link_insert ON outcomes_link;
CREATE POLICY outcomes_link_insert ON outcomes_link FOR INSERT TO ipt_app WITH CHECK (created_by_id = (SELECT me()) AND (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (SELECT i_am('administrator')) OR (SELECT i_am_the_system())));
DROP POLICY IF EXISTS outcomes_link_update ON outcomes_link;
CREATE POLICY outcomes_link_update ON outcomes_link FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (SELECT i_am('administrator')) OR (SELECT i_am_the_system())) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (SELECT i_am('administrator')) OR (SELECT i_am_the_system()));
DROP POLICY IF EXISTS outcomes_link_delete ON outcomes_link;

-- Browsers in which a link was opened: nobody's to read; the functions that a client's pages call know them.
ALTER TABLE outcomes_linkvisit ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_linkvisit_select ON outcomes_linkvisit;
DROP POLICY IF EXISTS outcomes_linkvisit_insert ON outcomes_linkvisit;
DROP POLICY IF EXISTS outcomes_linkvisit_update ON outcomes_linkvisit;
DROP POLICY IF EXISTS outcomes_linkvisit_delete ON outcomes_linkvisit;

-- Signals that a course asks to be looked at: raised with the score, answered by its readers.
ALTER TABLE outcomes_signal ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_signal_select ON outcomes_signal;
CREATE POLICY outcomes_signal_select ON outcomes_signal FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND response_id <> ALL ((SELECT responses_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS outcomes_signal_insert ON outcomes_signal;
CREATE POLICY outcomes_signal_insert ON outcomes_signal FOR INSERT TO ipt_app WITH CHECK ((course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT my_screenings())::uuid[])) OR (SELECT i_am_the_system()));
DROP POLICY IF EXISTS outcomes_signal_update ON outcomes_signal;
CREATE POLICY outcomes_signal_update ON outcomes_signal FOR UPDATE TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) WITH CHECK ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS outcomes_signal_delete ON outcomes_signal;

-- Sessions as the diary has them.
ALTER TABLE therapy_sessions_therapysession ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_therapysession_select ON therapy_sessions_therapysession;
CREATE POLICY therapy_sessions_therapysession_select ON therapy_sessions_therapysession FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_therapysession_insert ON therapy_sessions_therapysession;
CREATE POLICY therapy_sessions_therapysession_insert ON therapy_sessions_therapysession FOR INSERT TO ipt_app WITH CHECK (booked_by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (attendance IS NULL AND starts_at > now() AND i_allocated_just_now(course_id, therapist_id))));
DROP POLICY IF EXISTS therapy_sessions_therapysession_update ON therapy_sessions_therapysession;
-- Whoever strikes out a session counts the others anew: what else the lead and an ended course leave alone, a trigger says.
CREATE POLICY therapy_sessions_therapysession_update ON therapy_sessions_therapysession FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_carried_courses())::uuid[])) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_carried_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_therapysession_delete ON therapy_sessions_therapysession;

-- What a session worked on: clinical content.
ALTER TABLE therapy_sessions_sessionfocus ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_sessionfocus_select ON therapy_sessions_sessionfocus;
CREATE POLICY therapy_sessions_sessionfocus_select ON therapy_sessions_sessionfocus FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_sessionfocus_insert ON therapy_sessions_sessionfocus;
CREATE POLICY therapy_sessions_sessionfocus_insert ON therapy_sessions_sessionfocus FOR INSERT TO ipt_app WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_sessionfocus_update ON therapy_sessions_sessionfocus;
DROP POLICY IF EXISTS therapy_sessions_sessionfocus_delete ON therapy_sessions_sessionfocus;
CREATE POLICY therapy_sessions_sessionfocus_delete ON therapy_sessions_sessionfocus FOR DELETE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[]));

-- Notes: signed ones for the readers of the course, a draft for its author alone; one that was entered for the wrong client for
-- its author and the lead. Contact notes and addenda are written while the author carries the course, addenda also by the lead;
-- supervision records by who supervises its therapist now.
ALTER TABLE therapy_sessions_note ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_note_select ON therapy_sessions_note;
CREATE POLICY therapy_sessions_note_select ON therapy_sessions_note FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND (signed_at IS NOT NULL OR author_id = (SELECT me())) AND id <> ALL ((SELECT notes_sealed_from_me())::uuid[]) AND (kind NOT IN ('supervised', 'addendum') OR id <> ALL ((SELECT supervision_sealed_from_me())::uuid[])));
DROP POLICY IF EXISTS therapy_sessions_note_insert ON therapy_sessions_note;
CREATE POLICY therapy_sessions_note_insert ON therapy_sessions_note FOR INSERT TO ipt_app WITH CHECK (author_id = (SELECT me()) AND ((kind <> 'supervised' AND course_id = ANY ((SELECT my_open_courses())::uuid[])) OR (kind NOT IN ('session', 'supervised') AND course_id = ANY ((SELECT my_carried_courses())::uuid[])) OR (kind IN ('supervised', 'addendum') AND course_id = ANY ((SELECT courses_i_supervise())::uuid[])) OR (kind = 'addendum' AND (SELECT i_am('lead')))));
DROP POLICY IF EXISTS therapy_sessions_note_update ON therapy_sessions_note;
CREATE POLICY therapy_sessions_note_update ON therapy_sessions_note FOR UPDATE TO ipt_app USING (author_id = (SELECT me()) AND ((kind <> 'supervised' AND course_id = ANY ((SELECT my_open_courses())::uuid[])) OR (kind NOT IN ('session', 'supervised') AND course_id = ANY ((SELECT my_carried_courses())::uuid[])) OR (kind IN ('supervised', 'addendum') AND course_id = ANY ((SELECT courses_i_supervise())::uuid[])) OR (kind = 'addendum' AND (SELECT i_am('lead'))))) WITH CHECK (author_id = (SELECT me()) AND ((kind <> 'supervised' AND course_id = ANY ((SELECT my_open_courses())::uuid[])) OR (kind NOT IN ('session', 'supervised') AND course_id = ANY ((SELECT my_carried_courses())::uuid[])) OR (kind IN ('supervised', 'addendum') AND course_id = ANY ((SELECT courses_i_supervise())::uuid[])) OR (kind = 'addendum' AND (SELECT i_am('lead')))));
DROP POLICY IF EXISTS therapy_sessions_note_delete ON therapy_sessions_note;

-- What a draft said before: its writer's alone, until some days after signing. Nobody changes or deletes it; the system person
-- forgets it through a function.
ALTER TABLE therapy_sessions_draftversion ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_draftversion_select ON therapy_sessions_draftversion;
CREATE POLICY therapy_sessions_draftversion_select ON therapy_sessions_draftversion FOR SELECT TO ipt_app USING (author_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id AND (n.signed_at IS NULL OR n.signed_at > now() - make_interval(days => days_of_draft_history()))));
DROP POLICY IF EXISTS therapy_sessions_draftversion_insert ON therapy_sessions_draftversion;
CREATE POLICY therapy_sessions_draftversion_insert ON therapy_sessions_draftversion FOR INSERT TO ipt_app WITH CHECK (author_id = (SELECT me()) AND EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id AND n.author_id = (SELECT me()) AND (n.signed_at IS NULL OR was_refused)));
DROP POLICY IF EXISTS therapy_sessions_draftversion_update ON therapy_sessions_draftversion;
DROP POLICY IF EXISTS therapy_sessions_draftversion_delete ON therapy_sessions_draftversion;

-- To whom a letter was given: of signed letters alone, by who carries the course.
ALTER TABLE therapy_sessions_lettergiven ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_lettergiven_select ON therapy_sessions_lettergiven;
CREATE POLICY therapy_sessions_lettergiven_select ON therapy_sessions_lettergiven FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND note_id <> ALL ((SELECT notes_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_lettergiven_insert ON therapy_sessions_lettergiven;
CREATE POLICY therapy_sessions_lettergiven_insert ON therapy_sessions_lettergiven FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_carried_courses())::uuid[]) AND EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id AND n.kind = 'letter' AND n.signed_at IS NOT NULL));
DROP POLICY IF EXISTS therapy_sessions_lettergiven_update ON therapy_sessions_lettergiven;
DROP POLICY IF EXISTS therapy_sessions_lettergiven_delete ON therapy_sessions_lettergiven;

-- Co-signed or returned: by who may, once and for good.
ALTER TABLE therapy_sessions_cosignature ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_cosignature_select ON therapy_sessions_cosignature;
CREATE POLICY therapy_sessions_cosignature_select ON therapy_sessions_cosignature FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND note_id <> ALL ((SELECT notes_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_cosignature_insert ON therapy_sessions_cosignature;
CREATE POLICY therapy_sessions_cosignature_insert ON therapy_sessions_cosignature FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND may_cosign(note_id));
DROP POLICY IF EXISTS therapy_sessions_cosignature_update ON therapy_sessions_cosignature;
DROP POLICY IF EXISTS therapy_sessions_cosignature_delete ON therapy_sessions_cosignature;

-- Entered in error: said by the author, by the therapist where there is no note, or by the lead (a trigger knows whose it is).
ALTER TABLE therapy_sessions_enteredinerror ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_enteredinerror_select ON therapy_sessions_enteredinerror;
CREATE POLICY therapy_sessions_enteredinerror_select ON therapy_sessions_enteredinerror FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND id <> ALL ((SELECT errors_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_enteredinerror_insert ON therapy_sessions_enteredinerror;
CREATE POLICY therapy_sessions_enteredinerror_insert ON therapy_sessions_enteredinerror FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND (course_id = ANY ((SELECT my_carried_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[]) OR (SELECT i_am('lead'))));
DROP POLICY IF EXISTS therapy_sessions_enteredinerror_update ON therapy_sessions_enteredinerror;
DROP POLICY IF EXISTS therapy_sessions_enteredinerror_delete ON therapy_sessions_enteredinerror;

-- Who was reminded of what: the system person's own memory.
ALTER TABLE therapy_sessions_notereminder ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_notereminder_select ON therapy_sessions_notereminder;
CREATE POLICY therapy_sessions_notereminder_select ON therapy_sessions_notereminder FOR SELECT TO ipt_app USING ((SELECT i_am_the_system()));
DROP POLICY IF EXISTS therapy_sessions_notereminder_insert ON therapy_sessions_notereminder;
CREATE POLICY therapy_sessions_notereminder_insert ON therapy_sessions_notereminder FOR INSERT TO ipt_app WITH CHECK ((SELECT i_am_the_system()));
DROP POLICY IF EXISTS therapy_sessions_notereminder_update ON therapy_sessions_notereminder;
DROP POLICY IF EXISTS therapy_sessions_notereminder_delete ON therapy_sessions_notereminder;

-- Private reflections: the author's, and the supervisor's while the author shares them. Not the lead's.
ALTER TABLE therapy_sessions_reflection ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_reflection_select ON therapy_sessions_reflection;
CREATE POLICY therapy_sessions_reflection_select ON therapy_sessions_reflection FOR SELECT TO ipt_app USING ((author_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]))) OR id = ANY ((SELECT reflections_shared_with_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflection_insert ON therapy_sessions_reflection;
CREATE POLICY therapy_sessions_reflection_insert ON therapy_sessions_reflection FOR INSERT TO ipt_app WITH CHECK (author_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflection_update ON therapy_sessions_reflection;
CREATE POLICY therapy_sessions_reflection_update ON therapy_sessions_reflection FOR UPDATE TO ipt_app USING (author_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (author_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflection_delete ON therapy_sessions_reflection;

-- Sharing a reflection is its author's act.
ALTER TABLE therapy_sessions_reflectionshare ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_reflectionshare_select ON therapy_sessions_reflectionshare;
CREATE POLICY therapy_sessions_reflectionshare_select ON therapy_sessions_reflectionshare FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflectionshare_insert ON therapy_sessions_reflectionshare;
CREATE POLICY therapy_sessions_reflectionshare_insert ON therapy_sessions_reflectionshare FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflectionshare_update ON therapy_sessions_reflectionshare;
CREATE POLICY therapy_sessions_reflectionshare_update ON therapy_sessions_reflectionshare FOR UPDATE TO ipt_app USING (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_reflectionshare_delete ON therapy_sessions_reflectionshare;

-- Which response belongs to which session.
ALTER TABLE therapy_sessions_sessionresponse ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_sessionresponse_select ON therapy_sessions_sessionresponse;
CREATE POLICY therapy_sessions_sessionresponse_select ON therapy_sessions_sessionresponse FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_sessionresponse_insert ON therapy_sessions_sessionresponse;
CREATE POLICY therapy_sessions_sessionresponse_insert ON therapy_sessions_sessionresponse FOR INSERT TO ipt_app WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_sessionresponse_update ON therapy_sessions_sessionresponse;
DROP POLICY IF EXISTS therapy_sessions_sessionresponse_delete ON therapy_sessions_sessionresponse;
CREATE POLICY therapy_sessions_sessionresponse_delete ON therapy_sessions_sessionresponse FOR DELETE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[]));

-- For which session a link was sent.
ALTER TABLE therapy_sessions_sessionlink ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_sessionlink_select ON therapy_sessions_sessionlink;
CREATE POLICY therapy_sessions_sessionlink_select ON therapy_sessions_sessionlink FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_sessionlink_insert ON therapy_sessions_sessionlink;
CREATE POLICY therapy_sessions_sessionlink_insert ON therapy_sessions_sessionlink FOR INSERT TO ipt_app WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR (SELECT i_am('administrator')) OR (SELECT i_am_the_system()));
DROP POLICY IF EXISTS therapy_sessions_sessionlink_update ON therapy_sessions_sessionlink;
DROP POLICY IF EXISTS therapy_sessions_sessionlink_delete ON therapy_sessions_sessionlink;

-- Contact due after a missed session: an administrator adds one without reading any.
ALTER TABLE therapy_sessions_contactdue ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_contactdue_select ON therapy_sessions_contactdue;
CREATE POLICY therapy_sessions_contactdue_select ON therapy_sessions_contactdue FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_contactdue_insert ON therapy_sessions_contactdue;
CREATE POLICY therapy_sessions_contactdue_insert ON therapy_sessions_contactdue FOR INSERT TO ipt_app WITH CHECK (raised_by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR course_id = ANY ((SELECT my_open_courses())::uuid[])));
DROP POLICY IF EXISTS therapy_sessions_contactdue_update ON therapy_sessions_contactdue;
CREATE POLICY therapy_sessions_contactdue_update ON therapy_sessions_contactdue FOR UPDATE TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[])) WITH CHECK ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS therapy_sessions_contactdue_delete ON therapy_sessions_contactdue;

-- Plans by which a therapist's courses go to others: of those who allocate. They name people who work here and, line by line, a
-- course.
ALTER TABLE courses_handover ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_handover_select ON courses_handover;
CREATE POLICY courses_handover_select ON courses_handover FOR SELECT TO ipt_app USING ((SELECT sees_all_names()));
DROP POLICY IF EXISTS courses_handover_insert ON courses_handover;
CREATE POLICY courses_handover_insert ON courses_handover FOR INSERT TO ipt_app WITH CHECK (made_by_id = (SELECT me()) AND sent_at IS NULL AND undone_at IS NULL AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))));
DROP POLICY IF EXISTS courses_handover_update ON courses_handover;
CREATE POLICY courses_handover_update ON courses_handover FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));
ALTER TABLE courses_handoveritem ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_handoveritem_select ON courses_handoveritem;
CREATE POLICY courses_handoveritem_select ON courses_handoveritem FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS courses_handoveritem_insert ON courses_handoveritem;
CREATE POLICY courses_handoveritem_insert ON courses_handoveritem FOR INSERT TO ipt_app WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));
DROP POLICY IF EXISTS courses_handoveritem_update ON courses_handoveritem;
CREATE POLICY courses_handoveritem_update ON courses_handoveritem FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));

-- How a referral came and that it was screened: names and diary. The screener says that it was screened.
ALTER TABLE referrals_referral ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_referral_select ON referrals_referral;
CREATE POLICY referrals_referral_select ON referrals_referral FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR ((SELECT i_screen()) AND course_id IN (SELECT c.id FROM courses_course c WHERE c.status IN ('referred', 'waiting'))) OR course_id = ANY ((SELECT courses_at_hand())::uuid[]));
DROP POLICY IF EXISTS referrals_referral_insert ON referrals_referral;
CREATE POLICY referrals_referral_insert ON referrals_referral FOR INSERT TO ipt_app WITH CHECK (entered_by_id = (SELECT me()) AND screened_at IS NULL AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))));
DROP POLICY IF EXISTS referrals_referral_update ON referrals_referral;
CREATE POLICY referrals_referral_update ON referrals_referral FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[])) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[]));

-- The words about the problem with the ticks about harm, and letters: entered by those who register, read by clinicians alone.
ALTER TABLE referrals_referralwords ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_referralwords_select ON referrals_referralwords;
CREATE POLICY referrals_referralwords_select ON referrals_referralwords FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_referralwords_insert ON referrals_referralwords;
CREATE POLICY referrals_referralwords_insert ON referrals_referralwords FOR INSERT TO ipt_app WITH CHECK (entered_by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[])));
ALTER TABLE referrals_referralletter ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_referralletter_select ON referrals_referralletter;
CREATE POLICY referrals_referralletter_select ON referrals_referralletter FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_referralletter_insert ON referrals_referralletter;
CREATE POLICY referrals_referralletter_insert ON referrals_referralletter FOR INSERT TO ipt_app WITH CHECK (uploaded_by_id = (SELECT me()) AND withdrawn_at IS NULL AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[])));

-- What a clinician decided: by whoever the referral is given to, or the lead; in one's own name. Likely focus and first scores of
-- those who wait come to screeners by first_scores_of().
ALTER TABLE referrals_screening ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_screening_select ON referrals_screening;
CREATE POLICY referrals_screening_select ON referrals_screening FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_screening_insert ON referrals_screening;
CREATE POLICY referrals_screening_insert ON referrals_screening FOR INSERT TO ipt_app WITH CHECK (screener_id = (SELECT me()) AND ((SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[])));

-- Waiting: the clock, attempts to reach somebody, letters about the outcome. Names and diary, kept by those who run the list.
ALTER TABLE referrals_waitpause ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_waitpause_select ON referrals_waitpause;
CREATE POLICY referrals_waitpause_select ON referrals_waitpause FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_waitpause_insert ON referrals_waitpause;
CREATE POLICY referrals_waitpause_insert ON referrals_waitpause FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))));
DROP POLICY IF EXISTS referrals_waitpause_update ON referrals_waitpause;
CREATE POLICY referrals_waitpause_update ON referrals_waitpause FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));
ALTER TABLE referrals_contactattempt ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_contactattempt_select ON referrals_contactattempt;
CREATE POLICY referrals_contactattempt_select ON referrals_contactattempt FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_contactattempt_insert ON referrals_contactattempt;
CREATE POLICY referrals_contactattempt_insert ON referrals_contactattempt FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead')) OR course_id = ANY ((SELECT my_screenings())::uuid[])));
ALTER TABLE referrals_outcomeletter ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_outcomeletter_select ON referrals_outcomeletter;
CREATE POLICY referrals_outcomeletter_select ON referrals_outcomeletter FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS referrals_outcomeletter_insert ON referrals_outcomeletter;
CREATE POLICY referrals_outcomeletter_insert ON referrals_outcomeletter FOR INSERT TO ipt_app WITH CHECK (made_by_id = (SELECT me()) AND ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))));
DROP POLICY IF EXISTS referrals_outcomeletter_update ON referrals_outcomeletter;
CREATE POLICY referrals_outcomeletter_update ON referrals_outcomeletter FOR UPDATE TO ipt_app USING ((SELECT i_am('administrator')) OR (SELECT i_am('lead'))) WITH CHECK ((SELECT i_am('administrator')) OR (SELECT i_am('lead')));

-- The work that is agreed with the client: clinical content, written by whoever treats the course. Versions are added. The contract
-- is the diary's, since whoever books must know it.
ALTER TABLE courses_formulation ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_formulation_select ON courses_formulation;
CREATE POLICY courses_formulation_select ON courses_formulation FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS courses_formulation_insert ON courses_formulation;
CREATE POLICY courses_formulation_insert ON courses_formulation FOR INSERT TO ipt_app WITH CHECK (written_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_formulation_update ON courses_formulation;
DROP POLICY IF EXISTS courses_formulation_delete ON courses_formulation;
ALTER TABLE courses_contract ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_contract_select ON courses_contract;
CREATE POLICY courses_contract_select ON courses_contract FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
DROP POLICY IF EXISTS courses_contract_insert ON courses_contract;
CREATE POLICY courses_contract_insert ON courses_contract FOR INSERT TO ipt_app WITH CHECK (agreed_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_contract_update ON courses_contract;
DROP POLICY IF EXISTS courses_contract_delete ON courses_contract;
ALTER TABLE courses_taskmark ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_taskmark_select ON courses_taskmark;
CREATE POLICY courses_taskmark_select ON courses_taskmark FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS courses_taskmark_insert ON courses_taskmark;
CREATE POLICY courses_taskmark_insert ON courses_taskmark FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_taskmark_update ON courses_taskmark;
DROP POLICY IF EXISTS courses_taskmark_delete ON courses_taskmark;
ALTER TABLE courses_endingplan ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_endingplan_select ON courses_endingplan;
CREATE POLICY courses_endingplan_select ON courses_endingplan FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS courses_endingplan_insert ON courses_endingplan;
CREATE POLICY courses_endingplan_insert ON courses_endingplan FOR INSERT TO ipt_app WITH CHECK (written_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS courses_endingplan_update ON courses_endingplan;
DROP POLICY IF EXISTS courses_endingplan_delete ON courses_endingplan;

-- The client's people, where they stand, and what happened: clinical content of the same writers. Nobody is deleted.
ALTER TABLE interpersonal_person ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_person_select ON interpersonal_person;
CREATE POLICY interpersonal_person_select ON interpersonal_person FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_person_insert ON interpersonal_person;
CREATE POLICY interpersonal_person_insert ON interpersonal_person FOR INSERT TO ipt_app WITH CHECK (added_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_person_update ON interpersonal_person;
CREATE POLICY interpersonal_person_update ON interpersonal_person FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_person_delete ON interpersonal_person;
ALTER TABLE interpersonal_safetyconcern ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_safetyconcern_select ON interpersonal_safetyconcern;
CREATE POLICY interpersonal_safetyconcern_select ON interpersonal_safetyconcern FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT courses_with_my_concern())::uuid[]));
DROP POLICY IF EXISTS interpersonal_safetyconcern_insert ON interpersonal_safetyconcern;
CREATE POLICY interpersonal_safetyconcern_insert ON interpersonal_safetyconcern FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_safetyconcern_update ON interpersonal_safetyconcern;
DROP POLICY IF EXISTS interpersonal_safetyconcern_delete ON interpersonal_safetyconcern;
ALTER TABLE interpersonal_focusperson ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_focusperson_select ON interpersonal_focusperson;
CREATE POLICY interpersonal_focusperson_select ON interpersonal_focusperson FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_focusperson_insert ON interpersonal_focusperson;
CREATE POLICY interpersonal_focusperson_insert ON interpersonal_focusperson FOR INSERT TO ipt_app WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_focusperson_update ON interpersonal_focusperson;
DROP POLICY IF EXISTS interpersonal_focusperson_delete ON interpersonal_focusperson;
ALTER TABLE interpersonal_picture ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_picture_select ON interpersonal_picture;
CREATE POLICY interpersonal_picture_select ON interpersonal_picture FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_picture_insert ON interpersonal_picture;
CREATE POLICY interpersonal_picture_insert ON interpersonal_picture FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_picture_update ON interpersonal_picture;
DROP POLICY IF EXISTS interpersonal_picture_delete ON interpersonal_picture;
ALTER TABLE interpersonal_pictureplace ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_pictureplace_select ON interpersonal_pictureplace;
CREATE POLICY interpersonal_pictureplace_select ON interpersonal_pictureplace FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_pictureplace_insert ON interpersonal_pictureplace;
CREATE POLICY interpersonal_pictureplace_insert ON interpersonal_pictureplace FOR INSERT TO ipt_app WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_pictureplace_update ON interpersonal_pictureplace;
DROP POLICY IF EXISTS interpersonal_pictureplace_delete ON interpersonal_pictureplace;
ALTER TABLE interpersonal_timelineentry ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_timelineentry_select ON interpersonal_timelineentry;
CREATE POLICY interpersonal_timelineentry_select ON interpersonal_timelineentry FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_timelineentry_insert ON interpersonal_timelineentry;
CREATE POLICY interpersonal_timelineentry_insert ON interpersonal_timelineentry FOR INSERT TO ipt_app WITH CHECK (added_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_timelineentry_update ON interpersonal_timelineentry;
CREATE POLICY interpersonal_timelineentry_update ON interpersonal_timelineentry FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]));
DROP POLICY IF EXISTS interpersonal_timelineentry_delete ON interpersonal_timelineentry;

-- The trail: everybody adds what they did themselves; the lead reads.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS audit_event_select ON audit_event;
CREATE POLICY audit_event_select ON audit_event FOR SELECT TO ipt_app USING ((SELECT sees_all_content()));
DROP POLICY IF EXISTS audit_event_insert ON audit_event;
CREATE POLICY audit_event_insert ON audit_event FOR INSERT TO ipt_app WITH CHECK (user_id = (SELECT me()) OR (user_id IS NULL AND course_id = (SELECT course_of_my_link())));
DROP POLICY IF EXISTS audit_event_update ON audit_event;
DROP POLICY IF EXISTS audit_event_delete ON audit_event;

-- History tables: former values of client rows, read like the rows themselves and written by triggers alone.
ALTER TABLE clients_clientevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS clients_clientevent_select ON clients_clientevent;
CREATE POLICY clients_clientevent_select ON clients_clientevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR id = ANY ((SELECT visible_clients())::uuid[]));
ALTER TABLE courses_courseevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_courseevent_select ON courses_courseevent;
CREATE POLICY courses_courseevent_select ON courses_courseevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE courses_allocationevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_allocationevent_select ON courses_allocationevent;
CREATE POLICY courses_allocationevent_select ON courses_allocationevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE courses_focusevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_focusevent_select ON courses_focusevent;
CREATE POLICY courses_focusevent_select ON courses_focusevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE interpersonal_personevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_personevent_select ON interpersonal_personevent;
CREATE POLICY interpersonal_personevent_select ON interpersonal_personevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE interpersonal_timelineentryevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS interpersonal_timelineentryevent_select ON interpersonal_timelineentryevent;
CREATE POLICY interpersonal_timelineentryevent_select ON interpersonal_timelineentryevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE outcomes_responseevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_responseevent_select ON outcomes_responseevent;
CREATE POLICY outcomes_responseevent_select ON outcomes_responseevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND id <> ALL ((SELECT responses_sealed_from_me())::uuid[]));
ALTER TABLE outcomes_alertevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_alertevent_select ON outcomes_alertevent;
CREATE POLICY outcomes_alertevent_select ON outcomes_alertevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND (response_id IS NULL OR response_id <> ALL ((SELECT responses_sealed_from_me())::uuid[])));
ALTER TABLE outcomes_signalevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS outcomes_signalevent_select ON outcomes_signalevent;
CREATE POLICY outcomes_signalevent_select ON outcomes_signalevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND response_id <> ALL ((SELECT responses_sealed_from_me())::uuid[]));
ALTER TABLE courses_goalevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_goalevent_select ON courses_goalevent;
CREATE POLICY courses_goalevent_select ON courses_goalevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE therapy_sessions_therapysessionevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_therapysessionevent_select ON therapy_sessions_therapysessionevent;
CREATE POLICY therapy_sessions_therapysessionevent_select ON therapy_sessions_therapysessionevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE therapy_sessions_sessionfocusevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_sessionfocusevent_select ON therapy_sessions_sessionfocusevent;
CREATE POLICY therapy_sessions_sessionfocusevent_select ON therapy_sessions_sessionfocusevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[]));
ALTER TABLE therapy_sessions_contactdueevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS therapy_sessions_contactdueevent_select ON therapy_sessions_contactdueevent;
CREATE POLICY therapy_sessions_contactdueevent_select ON therapy_sessions_contactdueevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND session_id <> ALL ((SELECT sessions_sealed_from_me())::uuid[]));
ALTER TABLE courses_handoverevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_handoverevent_select ON courses_handoverevent;
CREATE POLICY courses_handoverevent_select ON courses_handoverevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()));
ALTER TABLE courses_handoveritemevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_handoveritemevent_select ON courses_handoveritemevent;
CREATE POLICY courses_handoveritemevent_select ON courses_handoveritemevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE referrals_referralevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_referralevent_select ON referrals_referralevent;
CREATE POLICY referrals_referralevent_select ON referrals_referralevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE referrals_waitpauseevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_waitpauseevent_select ON referrals_waitpauseevent;
CREATE POLICY referrals_waitpauseevent_select ON referrals_waitpauseevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));
ALTER TABLE referrals_outcomeletterevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS referrals_outcomeletterevent_select ON referrals_outcomeletterevent;
CREATE POLICY referrals_outcomeletterevent_select ON referrals_outcomeletterevent FOR SELECT TO ipt_app USING ((SELECT sees_all_names()) OR course_id = ANY ((SELECT visible_courses())::uuid[]));

-- --- Supervision ---------------------------------------------------------------------------------------------------------

-- What was agreed in supervision: by who supervises. Closed by its owner, the therapist, who supervises, or the lead.
ALTER TABLE courses_courseaction ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_courseaction_select ON courses_courseaction;
CREATE POLICY courses_courseaction_select ON courses_courseaction FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS courses_courseaction_insert ON courses_courseaction;
CREATE POLICY courses_courseaction_insert ON courses_courseaction FOR INSERT TO ipt_app WITH CHECK (agreed_by_id = (SELECT me()) AND course_id = ANY ((SELECT courses_i_supervise())::uuid[]));
DROP POLICY IF EXISTS courses_courseaction_update ON courses_courseaction;
CREATE POLICY courses_courseaction_update ON courses_courseaction FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_carried_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[]) OR (owner_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]))) OR (SELECT i_am('lead'))) WITH CHECK (course_id = ANY ((SELECT my_carried_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[]) OR (owner_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]))) OR (SELECT i_am('lead')));
DROP POLICY IF EXISTS courses_courseaction_delete ON courses_courseaction;

-- What is to be spoken of: put there by the therapist or by who supervises, and ordered by them.
ALTER TABLE supervision_agendaitem ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_agendaitem_select ON supervision_agendaitem;
CREATE POLICY supervision_agendaitem_select ON supervision_agendaitem FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS supervision_agendaitem_insert ON supervision_agendaitem;
CREATE POLICY supervision_agendaitem_insert ON supervision_agendaitem FOR INSERT TO ipt_app WITH CHECK (added_by_id = (SELECT me()) AND (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[])));
DROP POLICY IF EXISTS supervision_agendaitem_update ON supervision_agendaitem;
CREATE POLICY supervision_agendaitem_update ON supervision_agendaitem FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_open_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[]));
DROP POLICY IF EXISTS supervision_agendaitem_delete ON supervision_agendaitem;

-- A meeting: of who held it, who was there, and the lead. Nothing about a client stands in it.
ALTER TABLE supervision_meeting ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_meeting_select ON supervision_meeting;
CREATE POLICY supervision_meeting_select ON supervision_meeting FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR supervisor_id = (SELECT me()) OR id = ANY ((SELECT my_meetings())::uuid[]));
DROP POLICY IF EXISTS supervision_meeting_insert ON supervision_meeting;
CREATE POLICY supervision_meeting_insert ON supervision_meeting FOR INSERT TO ipt_app WITH CHECK (supervisor_id = (SELECT me()) AND ((SELECT i_am('supervisor')) OR cardinality((SELECT my_supervisees())::uuid[]) > 0));
DROP POLICY IF EXISTS supervision_meeting_update ON supervision_meeting;
CREATE POLICY supervision_meeting_update ON supervision_meeting FOR UPDATE TO ipt_app USING (supervisor_id = (SELECT me()) AND signed_at IS NULL) WITH CHECK (supervisor_id = (SELECT me()));
DROP POLICY IF EXISTS supervision_meeting_delete ON supervision_meeting;
CREATE POLICY supervision_meeting_delete ON supervision_meeting FOR DELETE TO ipt_app USING (supervisor_id = (SELECT me()) AND signed_at IS NULL);

-- Who was there: therapists whom its holder supervises.
ALTER TABLE supervision_meetingperson ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_meetingperson_select ON supervision_meetingperson;
CREATE POLICY supervision_meetingperson_select ON supervision_meetingperson FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR meeting_id = ANY ((SELECT my_meetings())::uuid[]));
DROP POLICY IF EXISTS supervision_meetingperson_insert ON supervision_meetingperson;
CREATE POLICY supervision_meetingperson_insert ON supervision_meetingperson FOR INSERT TO ipt_app WITH CHECK (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) AND person_id = ANY ((SELECT my_supervisees())::uuid[]));
DROP POLICY IF EXISTS supervision_meetingperson_update ON supervision_meetingperson;
DROP POLICY IF EXISTS supervision_meetingperson_delete ON supervision_meetingperson;
CREATE POLICY supervision_meetingperson_delete ON supervision_meetingperson FOR DELETE TO ipt_app USING (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]));

-- A case discussed: its holder's until it is signed, then its course's readers', as its record.
ALTER TABLE supervision_case ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_case_select ON supervision_case;
CREATE POLICY supervision_case_select ON supervision_case FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) OR EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id)));
DROP POLICY IF EXISTS supervision_case_insert ON supervision_case;
CREATE POLICY supervision_case_insert ON supervision_case FOR INSERT TO ipt_app WITH CHECK (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) AND course_id = ANY ((SELECT courses_i_supervise())::uuid[]) AND note_id IS NULL);
DROP POLICY IF EXISTS supervision_case_update ON supervision_case;
CREATE POLICY supervision_case_update ON supervision_case FOR UPDATE TO ipt_app USING (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) AND course_id = ANY ((SELECT courses_i_supervise())::uuid[])) WITH CHECK (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) AND course_id = ANY ((SELECT courses_i_supervise())::uuid[]));
DROP POLICY IF EXISTS supervision_case_delete ON supervision_case;
CREATE POLICY supervision_case_delete ON supervision_case FOR DELETE TO ipt_app USING (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) AND note_id IS NULL);

-- The therapist signs for a record of their own case, once it is signed.
ALTER TABLE supervision_casesignature ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_casesignature_select ON supervision_casesignature;
CREATE POLICY supervision_casesignature_select ON supervision_casesignature FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id));
DROP POLICY IF EXISTS supervision_casesignature_insert ON supervision_casesignature;
CREATE POLICY supervision_casesignature_insert ON supervision_casesignature FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND course_id = ANY ((SELECT my_carried_courses())::uuid[]) AND EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id AND n.kind = 'supervised' AND n.signed_at IS NOT NULL AND n.author_id <> (SELECT me())));
DROP POLICY IF EXISTS supervision_casesignature_update ON supervision_casesignature;
DROP POLICY IF EXISTS supervision_casesignature_delete ON supervision_casesignature;

-- What somebody considered about a flag: who reads the course.
ALTER TABLE supervision_flaganswer ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_flaganswer_select ON supervision_flaganswer;
CREATE POLICY supervision_flaganswer_select ON supervision_flaganswer FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS supervision_flaganswer_insert ON supervision_flaganswer;
CREATE POLICY supervision_flaganswer_insert ON supervision_flaganswer FOR INSERT TO ipt_app WITH CHECK (by_id = (SELECT me()) AND ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])));
DROP POLICY IF EXISTS supervision_flaganswer_update ON supervision_flaganswer;
DROP POLICY IF EXISTS supervision_flaganswer_delete ON supervision_flaganswer;

-- That a session was recorded: entered by the therapist; they and who supervises say what became of it.
ALTER TABLE supervision_recording ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_recording_select ON supervision_recording;
CREATE POLICY supervision_recording_select ON supervision_recording FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
DROP POLICY IF EXISTS supervision_recording_insert ON supervision_recording;
CREATE POLICY supervision_recording_insert ON supervision_recording FOR INSERT TO ipt_app WITH CHECK (entered_by_id = (SELECT me()) AND course_id = ANY ((SELECT my_open_courses())::uuid[]) AND deleted_on IS NULL);
DROP POLICY IF EXISTS supervision_recording_update ON supervision_recording;
CREATE POLICY supervision_recording_update ON supervision_recording FOR UPDATE TO ipt_app USING (course_id = ANY ((SELECT my_carried_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[])) WITH CHECK (course_id = ANY ((SELECT my_carried_courses())::uuid[]) OR course_id = ANY ((SELECT courses_i_supervise())::uuid[]));
DROP POLICY IF EXISTS supervision_recording_delete ON supervision_recording;

-- How a session was rated: whose session it was and who supervises them, while the course is theirs to read; the lead.
ALTER TABLE supervision_rating ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_rating_select ON supervision_rating;
CREATE POLICY supervision_rating_select ON supervision_rating FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR (course_id = ANY ((SELECT readable_courses())::uuid[]) AND (therapist_id = (SELECT me()) OR therapist_id = ANY ((SELECT my_supervisees())::uuid[]))));
DROP POLICY IF EXISTS supervision_rating_insert ON supervision_rating;
CREATE POLICY supervision_rating_insert ON supervision_rating FOR INSERT TO ipt_app WITH CHECK (rated_by_id = (SELECT me()) AND course_id = ANY ((SELECT courses_i_supervise())::uuid[]) AND therapist_id = ANY ((SELECT my_supervisees())::uuid[]));
DROP POLICY IF EXISTS supervision_rating_update ON supervision_rating;
DROP POLICY IF EXISTS supervision_rating_delete ON supervision_rating;
-- Their former values: as the rows themselves.
ALTER TABLE courses_courseactionevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS courses_courseactionevent_select ON courses_courseactionevent;
CREATE POLICY courses_courseactionevent_select ON courses_courseactionevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE supervision_agendaitemevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_agendaitemevent_select ON supervision_agendaitemevent;
CREATE POLICY supervision_agendaitemevent_select ON supervision_agendaitemevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE supervision_recordingevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_recordingevent_select ON supervision_recordingevent;
CREATE POLICY supervision_recordingevent_select ON supervision_recordingevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[]));
ALTER TABLE supervision_caseevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_caseevent_select ON supervision_caseevent;
CREATE POLICY supervision_caseevent_select ON supervision_caseevent FOR SELECT TO ipt_app USING (((SELECT sees_all_content()) OR course_id = ANY ((SELECT readable_courses())::uuid[])) AND (meeting_id = ANY ((SELECT my_open_meetings())::uuid[]) OR EXISTS (SELECT 1 FROM therapy_sessions_note n WHERE n.id = note_id)));
ALTER TABLE supervision_meetingevent ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS supervision_meetingevent_select ON supervision_meetingevent;
CREATE POLICY supervision_meetingevent_select ON supervision_meetingevent FOR SELECT TO ipt_app USING ((SELECT sees_all_content()) OR supervisor_id = (SELECT me()) OR id = ANY ((SELECT my_meetings())::uuid[]));
