-- Whose words the prompt and the stop text of a text are, where it comes of another one: Continue,
-- Again and the others copy them, and Edit prompt adds to them. Deleting what one of these people
-- gave finds it by this column (storage/purges.py). Of older texts it was not noted; they are taken
-- for those of everybody who had a text with the same words by then.

BEGIN IMMEDIATE;

ALTER TABLE generations ADD COLUMN prompt_user_ids TEXT NOT NULL DEFAULT '[]';

CREATE TEMP TABLE givers AS
    SELECT guild_id, prompt, stop, user_id, min(number) AS number FROM generations
    WHERE prompt <> '' OR stop IS NOT NULL GROUP BY guild_id, prompt, stop, user_id;
CREATE INDEX temp.givers_of_words ON givers (guild_id, prompt, stop);

UPDATE generations SET prompt_user_ids =
    (SELECT json_group_array(givers.user_id) FROM temp.givers
     WHERE givers.guild_id = generations.guild_id AND givers.prompt = generations.prompt
     AND givers.stop IS generations.stop AND givers.number <= generations.number)
WHERE prompt <> '' OR stop IS NOT NULL;

DROP TABLE temp.givers;

PRAGMA user_version = 12;

COMMIT;
