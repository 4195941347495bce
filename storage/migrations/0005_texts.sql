-- What Again, Hotter and Colder need to write a text once more, and whether a model was trained
-- here or came as a file.

BEGIN IMMEDIATE;

ALTER TABLE generations ADD COLUMN top_k INTEGER;
ALTER TABLE generations ADD COLUMN top_p REAL;
ALTER TABLE generations ADD COLUMN stop TEXT;
ALTER TABLE generations ADD COLUMN count INTEGER NOT NULL DEFAULT 1;

-- The last use of a checkpoint is then one step in the index.
DROP INDEX generations_of_checkpoint;
CREATE INDEX generations_of_checkpoint ON generations (checkpoint_id, created_at);

ALTER TABLE models ADD COLUMN imported INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1));

PRAGMA user_version = 5;

COMMIT;
