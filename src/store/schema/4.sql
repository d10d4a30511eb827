-- Version 4: what the other person answered on the shared summary, and sent back; and a trial of nudges, in which calls with
-- and without them take turns.

CREATE TABLE their_answer (
    call INTEGER PRIMARY KEY REFERENCES call ON DELETE CASCADE,
    guess REAL,                         -- the manager's share as they felt it; null: not said
    target REAL                         -- the share that they would like it to be; null: not said
) STRICT;

ALTER TABLE call ADD COLUMN trial TEXT;  -- 'nudged' or 'quiet'; null: the call is in no trial
