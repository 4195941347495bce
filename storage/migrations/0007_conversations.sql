-- Where the conversation in a channel, or in a thread of it, stopped: a network's state and no
-- text. It ends with its checkpoint, and when the server writes with another one or turns talking
-- off for the channel. And texts whose prompt was somebody else's, which is not kept.

BEGIN IMMEDIATE;

CREATE TABLE conversations (
    guild_id        INTEGER NOT NULL,
    channel_id      INTEGER NOT NULL,
    talk_channel_id INTEGER NOT NULL,
    checkpoint_id   TEXT NOT NULL,
    bookmark        BLOB NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id),
    FOREIGN KEY (checkpoint_id, guild_id) REFERENCES checkpoints (id, guild_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX conversations_of_checkpoint ON conversations (checkpoint_id);

CREATE TRIGGER conversations_of_former_model
AFTER UPDATE OF current_model_id ON guild_settings
WHEN NEW.current_model_id IS NOT OLD.current_model_id
BEGIN
    DELETE FROM conversations WHERE guild_id = NEW.guild_id;
END;

CREATE TRIGGER conversations_of_former_checkpoint
AFTER UPDATE OF checkpoint_id ON models
WHEN NEW.checkpoint_id <> OLD.checkpoint_id
BEGIN
    DELETE FROM conversations WHERE guild_id = NEW.guild_id AND checkpoint_id = OLD.checkpoint_id;
END;

CREATE TRIGGER conversations_turned_off
AFTER UPDATE OF talk_channels ON guild_settings
BEGIN
    DELETE FROM conversations WHERE guild_id = NEW.guild_id
        AND talk_channel_id NOT IN (SELECT value FROM json_each(NEW.talk_channels));
END;

ALTER TABLE generations ADD COLUMN prompt_kept INTEGER NOT NULL DEFAULT 1
    CHECK (prompt_kept IN (0, 1));

PRAGMA user_version = 7;

COMMIT;
