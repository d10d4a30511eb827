-- Version 7: which of a call's figures are in doubt. Of earlier calls it is known of the share alone.

ALTER TABLE figures ADD COLUMN doubts TEXT NOT NULL DEFAULT '';  -- 'talk=medium interruptions=low', by group

UPDATE figures SET doubts = 'talk=medium' WHERE unsure;
