-- Who gave the corpus of a run, where that is not who started it: a training that goes on from
-- another one has a copy of its text. Deleting what that person gave finds it by this column
-- (storage/purges.py), whatever becomes of the model.

BEGIN IMMEDIATE;

ALTER TABLE runs ADD COLUMN corpus_user_id INTEGER;

UPDATE runs SET corpus_user_id =
    (SELECT user_id FROM models WHERE models.id = coalesce(trained_model_id, model_id));

PRAGMA user_version = 11;

COMMIT;
