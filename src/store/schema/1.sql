-- The journal of live calls, version 1. Lengths are in milliseconds where the name says so, in samples of the call's
-- clock elsewhere; shares are 0 to 1. This file is never changed once it was released: what is new is the next one.

-- Somebody with whom there are calls, and what they stated of how they like to talk.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    points TEXT NOT NULL DEFAULT '',    -- names of points, a space between them
    note TEXT NOT NULL DEFAULT '',
    stated_on TEXT                      -- a date; null: no card
) STRICT;

CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,          -- what people call it
    person INTEGER REFERENCES person ON DELETE CASCADE,
    started_at TEXT NOT NULL,           -- RFC 3339 with the local offset
    started INTEGER NOT NULL,           -- the same in seconds since 1970, to order by
    mode TEXT NOT NULL,
    target REAL NOT NULL,
    language TEXT,                      -- null: not said
    keeps_words INTEGER NOT NULL,
    folder TEXT NOT NULL,               -- where its exports are
    heard_until INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0    -- 0: goes on, or was cut off; 1: ended; 2: ended after it was cut off
) STRICT;
CREATE INDEX call_person ON call (person, started);
CREATE INDEX call_started ON call (started);

-- What happened, without a word of what was said.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,             -- in the order in which it was told
    call INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX event_call ON event (call, at);

-- What was said in it, where words are kept.
CREATE TABLE words (
    event INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
    body TEXT NOT NULL
) STRICT;

-- What the manager's side of an ended call came to.
CREATE TABLE figures (
    call INTEGER PRIMARY KEY REFERENCES call ON DELETE CASCADE,
    duration_ms INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    their_talk_ms INTEGER NOT NULL,     -- what the rates are against
    share REAL,
    longest_turn_ms INTEGER,
    monologues INTEGER NOT NULL,
    patience_ms INTEGER,
    interruptions INTEGER NOT NULL,     -- that took the floor
    interruptions_failed INTEGER NOT NULL,
    backchannels_per_min REAL,
    silences INTEGER NOT NULL,
    filled_pauses_per_min REAL,
    open_questions INTEGER,             -- null: no text
    closed_questions INTEGER,
    progress_questions INTEGER,
    regrabs INTEGER,
    wait_ms INTEGER,
    switches_per_min REAL,
    nudges INTEGER NOT NULL,
    unsure INTEGER NOT NULL             -- whether the share is in doubt
) STRICT;

-- What the two set out to talk about.
CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    call INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,  -- the last one it was on the agenda of
    person INTEGER REFERENCES person ON DELETE CASCADE,
    text TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX item_call ON item (call);
CREATE INDEX item_person ON item (person);

-- How the other person was, as they said it.
CREATE TABLE check_in (
    call INTEGER PRIMARY KEY REFERENCES call ON DELETE CASCADE,
    score INTEGER NOT NULL,
    words TEXT NOT NULL
) STRICT;

-- What the manager took their share to be; null: asked, and not answered.
CREATE TABLE perceived (
    call INTEGER PRIMARY KEY REFERENCES call ON DELETE CASCADE,
    share REAL
) STRICT;

-- What is still to be done to the file; a row says that something was deleted of which copies may be left in it.
CREATE TABLE chore (what TEXT PRIMARY KEY) STRICT;
