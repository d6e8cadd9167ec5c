-- pghistory's triggers write as the owner, whoever acts, and nobody can tell them to look away.
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
  LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN FALSE; END $$;
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT DISTINCT t.tgfoid::regprocedure FROM pg_trigger t WHERE t.tgname LIKE 'pgtrigger\_%'
           UNION SELECT p.oid::regprocedure FROM pg_proc p
             WHERE p.proname = '_pgh_attach_context' AND p.pronamespace = 'public'::regnamespace
  LOOP EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', f);
       EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;
