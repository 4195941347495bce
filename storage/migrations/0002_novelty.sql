-- The share of what a checkpoint writes that is not in its corpus word for word; NULL for those
-- of which nobody has measured it.

BEGIN IMMEDIATE;

ALTER TABLE checkpoints ADD COLUMN novelty REAL CHECK (novelty BETWEEN 0 AND 1);

PRAGMA user_version = 2;

COMMIT;
