-- What a run's card shows and what its buttons act on: what was found in the files, the model that
-- the run trains longer, if it makes no new one, and the checkpoint that came of it.

BEGIN IMMEDIATE;

ALTER TABLE runs ADD COLUMN found TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN trained_model_id TEXT REFERENCES models (id) ON DELETE SET NULL
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE runs ADD COLUMN checkpoint_id TEXT REFERENCES checkpoints (id) ON DELETE SET NULL
    DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX runs_of_trained_model ON runs (trained_model_id);
CREATE INDEX runs_of_checkpoint ON runs (checkpoint_id);

PRAGMA user_version = 4;

COMMIT;
