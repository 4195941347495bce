-- The last characters of a text, where its server forbids words: so that none is written across the
-- border of a text and what goes on from it. And who has written when, for cooldowns.

BEGIN IMMEDIATE;

ALTER TABLE generations ADD COLUMN tail TEXT NOT NULL DEFAULT '';

CREATE INDEX generations_of_person ON generations (guild_id, user_id, created_at);

PRAGMA user_version = 8;

COMMIT;
