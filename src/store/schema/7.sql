-- Version 7: which of a call's figures are in doubt. Of earlier calls it is known of the share alone, and not how much: all that puts it
-- in doubt does so with who took the floor and when. Where the share was sure, the others count as sure.

ALTER TABLE figures ADD COLUMN doubts TEXT NOT NULL DEFAULT '';  -- 'talk=medium interruptions=low', by group

UPDATE figures SET doubts = 'talk=medium interruptions=medium backchannels=medium transfers=medium' WHERE unsure;
