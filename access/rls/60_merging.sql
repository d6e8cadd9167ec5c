-- Two records of one person: who may be the same, two made one, and parted again. Whether they are one person is for people to
-- say; these functions move what an administrator may not see, see none of it and show none of it.

-- Clients who may be the same person, the likeliest first, twenty at most: keys alone, for those who see every name. Behind the
-- policy no index would be asked, since its operators are not leakproof. The digits are clients.models.last_digits.
CREATE OR REPLACE FUNCTION clients_alike(of_keys text[], of_phone_end text, of_nhs_number text) RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(found.id ORDER BY found.place), '{}') FROM (
    SELECT c.id, row_number() OVER (ORDER BY c.nhs_number IS NOT DISTINCT FROM of_nhs_number DESC,
        (SELECT count(*) FROM unnest(c.similar_keys) k WHERE k = ANY (of_keys)) DESC, c.last_name, c.first_name, c.id) AS place
    FROM clients_client c
    WHERE (SELECT sees_all_names()) AND c.merged_into_id IS NULL
      AND (c.similar_keys && of_keys::varchar[] OR c.nhs_number = of_nhs_number
        OR right(regexp_replace(c.phone, '[^0-9]', '', 'g'), 9) = of_phone_end)
    ORDER BY place LIMIT 20) found
$$;

-- The client whose record was kept when this one was merged into it: a key, for whoever may see that client.
CREATE OR REPLACE FUNCTION kept_client(this_client uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE way (id, next) AS (
    SELECT c.id, c.merged_into_id FROM clients_client c WHERE c.id = this_client
    UNION SELECT c.id, c.merged_into_id FROM way JOIN clients_client c ON c.id = way.next)
  SELECT way.id FROM way WHERE way.next IS NULL AND way.id <> this_client
    AND ((SELECT sees_all_names()) OR way.id = ANY ((SELECT visible_clients())::uuid[]))
$$;

CREATE OR REPLACE FUNCTION refuse_merging(constraint_name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'these records are not merged or parted: %', constraint_name USING ERRCODE = '23514', CONSTRAINT = constraint_name;
END $$;

-- One record into another: its courses move with all that hangs on them, sessions by their composite key. `of_values` are the
-- fields of clients_merge: chosen, before, after. Gives the key of the row that says what was done.
CREATE OR REPLACE FUNCTION merge_clients(this_kept uuid, this_merged uuid, why text, of_values jsonb) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made uuid := gen_random_uuid();
  moved uuid[];
  gave text;
BEGIN
  IF NOT (i_am('administrator') OR i_am('lead')) THEN PERFORM refuse_merging('merged_by_the_office'); END IF;
  -- In the order of their keys: two who merge the same two do not wait crosswise. No course is opened meanwhile.
  PERFORM 1 FROM clients_client c WHERE c.id IN (this_kept, this_merged) ORDER BY c.id FOR UPDATE;
  IF (SELECT count(*) FROM clients_client c WHERE c.id IN (this_kept, this_merged) AND c.merged_into_id IS NULL) <> 2 THEN
    PERFORM refuse_merging('client_is_not_merged');
  END IF;
  IF (SELECT count(*) FROM courses_course k
      WHERE k.client_id IN (this_kept, this_merged) AND k.status NOT IN ('ended', 'not_taken_on')) > 1 THEN
    PERFORM refuse_merging('merging_waits_for_an_end');
  END IF;
  -- No two records hold one NHS number: where it is taken over, the merged record lets go of it until they are parted.
  SELECT coalesce(c.nhs_number, '') INTO gave FROM clients_client c
    WHERE c.id = this_merged AND of_values -> 'chosen' ->> 'nhs_number' = 'merged';
  UPDATE clients_client c SET merged_into_id = this_kept, version = c.version + 1,
    nhs_number = CASE WHEN coalesce(gave, '') = '' THEN c.nhs_number END WHERE c.id = this_merged;
  WITH m AS (UPDATE courses_course k SET client_id = this_kept WHERE k.client_id = this_merged RETURNING k.id)
    SELECT coalesce(array_agg(m.id), '{}') INTO moved FROM m;
  INSERT INTO clients_merge (id, kept_id, merged_id, at, by_id, reason, chosen, before, after, gave_nhs_number, courses, not_restored)
    VALUES (made, this_kept, this_merged, clock_timestamp(), me(), why, of_values -> 'chosen', of_values -> 'before',
      of_values -> 'after', coalesce(gave, ''), moved, '{}');
  RETURN made;
END $$;

-- The same taken back, for thirty days (clients.models.Merge.REVERSIBLE_FOR): the courses that moved go back, what came since stays.
CREATE OR REPLACE FUNCTION part_clients(this_merge uuid, left_alone text[]) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  done clients_merge;
  moved integer;
BEGIN
  IF NOT (i_am('administrator') OR i_am('lead')) THEN PERFORM refuse_merging('merged_by_the_office'); END IF;
  PERFORM 1 FROM clients_client c JOIN clients_merge m ON m.id = this_merge AND c.id IN (m.kept_id, m.merged_id)
    ORDER BY c.id FOR UPDATE OF c;
  SELECT * INTO done FROM clients_merge m WHERE m.id = this_merge FOR UPDATE;
  IF done.id IS NULL OR done.undone_at IS NOT NULL OR done.at < clock_timestamp() - interval '30 days' THEN
    PERFORM refuse_merging('merge_stays');
  END IF;
  IF EXISTS (SELECT 1 FROM clients_client c WHERE c.id = done.kept_id AND c.merged_into_id IS NOT NULL) THEN
    PERFORM refuse_merging('parted_in_turn');
  END IF;
  UPDATE clients_client c SET merged_into_id = NULL, version = c.version + 1,
    nhs_number = CASE WHEN done.gave_nhs_number <> '' AND c.nhs_number IS NULL
        AND NOT EXISTS (SELECT 1 FROM clients_client o WHERE o.nhs_number = done.gave_nhs_number)
      THEN done.gave_nhs_number ELSE c.nhs_number END
    WHERE c.id = done.merged_id;
  UPDATE courses_course k SET client_id = done.merged_id WHERE k.id = ANY (done.courses) AND k.client_id = done.kept_id;
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE clients_merge m SET undone_at = clock_timestamp(), undone_by_id = me(), not_restored = left_alone WHERE m.id = done.id;
  RETURN moved;
END $$;

-- No course for a record that was merged, whoever opens it: whoever merges holds the record, and this waits for them.
CREATE OR REPLACE FUNCTION refuse_merged_client() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its uuid;
BEGIN
  SELECT c.merged_into_id INTO its FROM clients_client c WHERE c.id = NEW.client_id FOR KEY SHARE;
  IF its IS NOT NULL THEN PERFORM refuse_merging('client_is_not_merged'); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER client_is_not_merged BEFORE INSERT OR UPDATE OF client_id ON courses_course
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_client();

-- A merged record stays as it was, and nobody merges or parts by hand.
CREATE OR REPLACE TRIGGER merged_by_its_function BEFORE UPDATE ON clients_client FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND (OLD.merged_into_id IS NOT NULL OR NEW.merged_into_id IS NOT NULL))
  EXECUTE FUNCTION refuse_what_stays('a merged record');
CREATE OR REPLACE TRIGGER merged_by_its_function_alone BEFORE INSERT ON clients_client FOR EACH ROW
  WHEN (current_user = 'ipt_app' AND NEW.merged_into_id IS NOT NULL)
  EXECUTE FUNCTION refuse_what_stays('a merged record');

-- What was merged holds former names and addresses of both: for those who see every name. Written by the functions alone.
ALTER TABLE clients_merge ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS clients_merge_select ON clients_merge;
CREATE POLICY clients_merge_select ON clients_merge FOR SELECT TO ipt_app USING ((SELECT sees_all_names()));

REVOKE ALL ON FUNCTION clients_alike(text[], text, text), kept_client(uuid), refuse_merging(text), refuse_merged_client(),
  merge_clients(uuid, uuid, text, jsonb), part_clients(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clients_alike(text[], text, text), kept_client(uuid),
  merge_clients(uuid, uuid, text, jsonb), part_clients(uuid, text[]) TO ipt_app;
