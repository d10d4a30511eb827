-- Version 2: a call that was cut off holds all that was heard.

-- What goes on in a call and was not told yet, when it was last saved: times alone. Null once it has ended, and of a call
-- that an older Keicho was at.
ALTER TABLE call ADD COLUMN untold TEXT;
