-- Guilds, channels, people and messages have Discord's numbers, our own things opaque ids.
-- `number` is the order of creation: many rows may share a second, and no two a number.
-- A foreign key that includes the guild is what keeps one guild's rows from another's.

BEGIN IMMEDIATE;

CREATE TABLE models (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    guild_id      INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    checkpoint_id TEXT NOT NULL,
    UNIQUE (guild_id, name_key),
    UNIQUE (id, guild_id),
    -- The checkpoint is one of its own; both rows are born in the same transaction.
    FOREIGN KEY (checkpoint_id, id) REFERENCES checkpoints (id, model_id)
        DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE checkpoints (
    number            INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    guild_id          INTEGER NOT NULL,
    model_id          TEXT NOT NULL,
    sha256            TEXT NOT NULL,
    file_size         INTEGER NOT NULL,
    step              INTEGER NOT NULL,
    validation_loss   REAL,
    parameters        INTEGER NOT NULL,
    corpus_characters INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    UNIQUE (id, model_id),
    UNIQUE (id, guild_id),
    FOREIGN KEY (model_id, guild_id) REFERENCES models (id, guild_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX checkpoints_of_model ON checkpoints (model_id);

CREATE TABLE runs (
    number            INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    guild_id          INTEGER NOT NULL,
    channel_id        INTEGER NOT NULL,
    message_id        INTEGER,
    user_id           INTEGER NOT NULL,
    model_name        TEXT NOT NULL,
    name_key          TEXT NOT NULL,
    minutes           REAL NOT NULL,
    corpus_characters INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    started_at        INTEGER,
    ended_at          INTEGER,
    status            TEXT NOT NULL
        CHECK (status IN ('queued', 'running', 'finished', 'failed', 'canceled')),
    reason            TEXT,
    model_id          TEXT REFERENCES models (id) ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
    CHECK ((ended_at IS NULL) = (status IN ('queued', 'running'))),
    CHECK ((reason IS NOT NULL) = (status = 'failed'))
) STRICT;

CREATE UNIQUE INDEX active_runs ON runs (guild_id, name_key)
    WHERE status IN ('queued', 'running');
CREATE INDEX runs_of_guild ON runs (guild_id);
CREATE INDEX runs_of_model ON runs (model_id);

CREATE TABLE generations (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    guild_id      INTEGER NOT NULL,
    channel_id    INTEGER NOT NULL,
    message_id    INTEGER,
    user_id       INTEGER NOT NULL,
    checkpoint_id TEXT REFERENCES checkpoints (id) ON DELETE SET NULL,
    prompt        TEXT NOT NULL,
    seed          INTEGER NOT NULL,
    temperature   REAL NOT NULL,
    length        INTEGER NOT NULL,
    bookmark      BLOB NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX generations_of_checkpoint ON generations (checkpoint_id);

CREATE TABLE guild_settings (
    guild_id         INTEGER PRIMARY KEY,
    current_model_id TEXT,
    FOREIGN KEY (current_model_id, guild_id) REFERENCES models (id, guild_id)
        DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE synced_commands (
    application_id INTEGER PRIMARY KEY,
    hash           TEXT NOT NULL
) STRICT;

PRAGMA user_version = 1;

COMMIT;
