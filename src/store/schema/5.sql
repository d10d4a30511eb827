-- Version 5: what is to be done after a call. An item goes with the last call that has it.

CREATE TABLE action_item (
    id INTEGER PRIMARY KEY,
    person INTEGER REFERENCES person ON DELETE CASCADE,
    text TEXT NOT NULL,
    owner TEXT NOT NULL,                -- 'me' or 'them'
    state TEXT NOT NULL
) STRICT;
CREATE INDEX action_item_person ON action_item (person);

-- The calls that had it on their list: the one in which it was written down, and those to which it was carried over.
CREATE TABLE action_item_call (
    call INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
    item INTEGER NOT NULL REFERENCES action_item ON DELETE CASCADE,
    PRIMARY KEY (call, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX action_item_call_item ON action_item_call (item);

CREATE TRIGGER action_item_unlisted AFTER DELETE ON action_item_call
WHEN NOT EXISTS (SELECT 1 FROM action_item_call WHERE item = OLD.item)
BEGIN
    DELETE FROM action_item WHERE id = OLD.item;
END;
