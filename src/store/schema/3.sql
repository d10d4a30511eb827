-- Version 3: one thing that the manager means to do in the next call with the same person.

CREATE TABLE intention (
    call INTEGER PRIMARY KEY REFERENCES call ON DELETE CASCADE,  -- the call after which it was chosen
    what TEXT NOT NULL                                           -- its name; empty: nothing any longer
) STRICT;
