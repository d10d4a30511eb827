-- Version 4: a trial of nudges, in which calls with and without them take turns.

ALTER TABLE call ADD COLUMN trial TEXT;  -- 'nudged' or 'quiet'; null: the call is in no trial
