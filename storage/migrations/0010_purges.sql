-- Deleting for good, and which guilds each application is in, so that the rows of one that it has
-- left can go. What is deleted is found by its columns (storage/purges.py): a table with a guild_id
-- goes with its guild, and with a user_id besides, a row goes with what that person gave.

BEGIN IMMEDIATE;

CREATE TABLE memberships (
    application_id INTEGER NOT NULL,
    guild_id       INTEGER NOT NULL,
    PRIMARY KEY (application_id, guild_id)
) STRICT;

-- Purges that have begun; each row goes in the transaction that deletes what it names.
CREATE TABLE purges (
    guild_id INTEGER NOT NULL,
    user_id  INTEGER
) STRICT;

-- A row is here as long as the catalog's file may hold bytes of what was deleted.
CREATE TABLE scrubs (
    due INTEGER PRIMARY KEY CHECK (due = 1)
) STRICT;

CREATE INDEX generations_by_age ON generations (created_at);

PRAGMA user_version = 10;

COMMIT;
