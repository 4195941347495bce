-- What a server has chosen for itself. A list is JSON, since it is only ever read as a whole; NULL
-- leaves the choice to the defaults, and an empty list permits everybody or every channel.

BEGIN IMMEDIATE;

ALTER TABLE guild_settings ADD COLUMN language TEXT;
ALTER TABLE guild_settings ADD COLUMN length INTEGER CHECK (length > 0);
ALTER TABLE guild_settings ADD COLUMN temperature REAL CHECK (temperature >= 0);
ALTER TABLE guild_settings ADD COLUMN train_cooldown INTEGER NOT NULL DEFAULT 0
    CHECK (train_cooldown >= 0);
ALTER TABLE guild_settings ADD COLUMN write_cooldown INTEGER NOT NULL DEFAULT 0
    CHECK (write_cooldown >= 0);
ALTER TABLE guild_settings ADD COLUMN train_roles TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(train_roles));
ALTER TABLE guild_settings ADD COLUMN write_channels TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(write_channels));
ALTER TABLE guild_settings ADD COLUMN talk_channels TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(talk_channels));
ALTER TABLE guild_settings ADD COLUMN forbidden_words TEXT NOT NULL DEFAULT '[]'
    CHECK (json_valid(forbidden_words));

PRAGMA user_version = 6;

COMMIT;
