-- What stands in an outgoing mail stays as it was written, and only a job says when it ran. They hold the web alone.
-- Anybody may ask for a mail: whoever has lost a password is not signed in. Nobody may turn one that waits to another address,
-- change what it says, send it again, or say that it was sent before it was.

CREATE OR REPLACE TRIGGER mail_begins_unsent BEFORE INSERT ON staff_outgoingmail FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT (NEW.sent_at IS NULL AND NEW.given_up_at IS NULL AND NEW.tries = 0))
  EXECUTE FUNCTION refuse_what_stays('what became of a mail');
CREATE OR REPLACE TRIGGER mail_stays_as_written BEFORE UPDATE ON staff_outgoingmail FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (
    (NEW.id, NEW."to", NEW.subject, NEW.urgent, NEW.created_at)
      IS DISTINCT FROM (OLD.id, OLD."to", OLD.subject, OLD.urgent, OLD.created_at)
    OR (NEW.body <> OLD.body AND NOT (NEW.body = '' AND (NEW.sent_at IS NOT NULL OR NEW.given_up_at IS NOT NULL)))
    OR OLD.sent_at IS NOT NULL OR OLD.given_up_at IS NOT NULL OR NEW.tries <= OLD.tries))
  EXECUTE FUNCTION refuse_what_stays('a mail');

CREATE OR REPLACE TRIGGER said_by_the_job_itself BEFORE INSERT OR UPDATE ON staff_lastrun FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NOT i_am_the_system()) EXECUTE FUNCTION refuse_what_stays('the last run');
CREATE OR REPLACE TRIGGER time_runs_forward BEFORE UPDATE ON staff_lastrun FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (NEW.name <> OLD.name OR NEW.ran_at < OLD.ran_at))
  EXECUTE FUNCTION refuse_what_stays('the last run');
