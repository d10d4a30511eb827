-- Version 6: what was written down in a call, as it was changed after it. A call of which nothing was changed has what its events say.

ALTER TABLE call ADD COLUMN notes_edited INTEGER NOT NULL DEFAULT 0;  -- 1: its notes are those in `note`

CREATE TABLE note (
    call INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
    number INTEGER NOT NULL,            -- as in the call's events, or above those
    text TEXT NOT NULL,
    owner TEXT,                         -- who is to do it, 'me' or 'them'; null: it is nothing to do
    state TEXT,                         -- how that stands; null as above
    written TEXT NOT NULL,              -- 'earlier', 'in_call' or 'after'
    at_ms INTEGER NOT NULL,             -- in milliseconds of the call; 0 unless it was written in it
    PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;
