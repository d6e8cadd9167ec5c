-- What the app role may do, table by table and by name; laid as owner after every migrate, safe twice.
-- A table that is missing here is out of the web's reach, and a test says so.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ipt_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ipt_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ipt_app;

GRANT SELECT ON django_migrations, django_content_type, auth_permission, auth_group, auth_group_permissions TO ipt_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, django_cache, account_emailaddress,
  account_emailconfirmation, mfa_authenticator, usersessions_usersession, staff_user_groups,
  staff_user_user_permissions TO ipt_app;
GRANT SELECT, INSERT ON django_admin_log TO ipt_app;
GRANT SELECT, INSERT, UPDATE ON staff_user, staff_supervisionline, staff_room, staff_clinic, staff_outgoingmail,
  staff_lastrun TO ipt_app;
-- Hours, leave and holidays are corrected by taking them away; nothing hangs on them.
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_workinghours, staff_leave, staff_holiday TO ipt_app;

GRANT SELECT, INSERT ON audit_event, courses_coursemove, therapy_sessions_draftversion, therapy_sessions_cosignature,
  therapy_sessions_enteredinerror, therapy_sessions_lettergiven, therapy_sessions_notereminder, therapy_sessions_sessionlink, outcomes_goalrating,
  outcomes_clinicwording, outcomes_alertact, outcomes_alerttold, outcomes_safetyplan, outcomes_safetyplancopy,
  outcomes_expectedmodel, outcomes_expectedband, referrals_referralwords, referrals_referralletter, referrals_screening,
  referrals_contactattempt, courses_formulation, courses_contract, courses_taskmark, courses_endingplan,
  interpersonal_safetyconcern, interpersonal_focusperson, interpersonal_picture, interpersonal_pictureplace,
  supervision_casesignature, supervision_flaganswer, supervision_ratingform, supervision_rating TO ipt_app;
GRANT SELECT, INSERT, UPDATE ON clients_client, courses_course, courses_allocation, courses_focus,
  courses_goal, courses_handover, courses_handoveritem, referrals_referral, referrals_waitpause, referrals_outcomeletter,
  outcomes_response, outcomes_alert, outcomes_link, outcomes_signal, therapy_sessions_therapysession, therapy_sessions_note,
  therapy_sessions_reflection, therapy_sessions_reflectionshare, therapy_sessions_contactdue, interpersonal_person,
  interpersonal_timelineentry, courses_courseaction, supervision_agendaitem, supervision_recording TO ipt_app;
-- A meeting that was begun by mistake and holds nothing, who was there and what was not reached are taken away before signing.
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision_meeting, supervision_case TO ipt_app;
GRANT SELECT, INSERT, DELETE ON supervision_meetingperson TO ipt_app;
-- Which focus a session had and which response belongs to it may be taken back while its note is a draft.
GRANT SELECT, INSERT, DELETE ON therapy_sessions_sessionfocus, therapy_sessions_sessionresponse TO ipt_app;
-- Written by the functions that merge and part.
GRANT SELECT ON clients_merge TO ipt_app;
GRANT SELECT ON clients_clientevent, courses_courseevent, courses_allocationevent, courses_focusevent,
  courses_goalevent, courses_handoverevent, courses_handoveritemevent, referrals_referralevent, referrals_waitpauseevent,
  referrals_outcomeletterevent, outcomes_responseevent, outcomes_alertevent, outcomes_signalevent, therapy_sessions_therapysessionevent,
  therapy_sessions_sessionfocusevent, therapy_sessions_contactdueevent, interpersonal_personevent, interpersonal_timelineentryevent,
  courses_courseactionevent, supervision_agendaitemevent, supervision_meetingevent, supervision_caseevent, supervision_recordingevent,
  pghistory_context,
  staff_userevent, staff_supervisionlineevent, staff_leaveevent, staff_roomevent, staff_clinicevent TO ipt_app;
GRANT USAGE ON SEQUENCE client_numbers, outcomes_expectedmodel_id_seq, outcomes_expectedband_id_seq TO ipt_app;
