-- A queued run with a reading gets its corpus from a channel's messages; the row goes once the
-- corpus is written, or with the run. Whoever opted out of one guild may be read in another.

BEGIN IMMEDIATE;

-- Such a run's corpus is not kept once it has ended, so that nobody who opts out is learned from again.
ALTER TABLE runs ADD COLUMN reads_channel INTEGER NOT NULL DEFAULT 0
    CHECK (reads_channel IN (0, 1));

CREATE UNIQUE INDEX runs_with_guild ON runs (id, guild_id);

CREATE TABLE readings (
    run_id       TEXT PRIMARY KEY,
    guild_id     INTEGER NOT NULL,
    source_id    INTEGER NOT NULL,
    source_name  TEXT NOT NULL,
    authors      TEXT,
    names        INTEGER NOT NULL CHECK (names IN (0, 1)),
    FOREIGN KEY (run_id, guild_id) REFERENCES runs (id, guild_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE opt_outs (
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT;

PRAGMA user_version = 3;

COMMIT;
