-- The end of a run that nobody has been told yet, with what its worker said last. The row comes with
-- the end and goes once that is shown, so that neither Discord's bad days nor a crash hide it.

BEGIN IMMEDIATE;

CREATE TABLE untold_ends (
    run_id    TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    last_word TEXT
) STRICT;

PRAGMA user_version = 9;

COMMIT;
