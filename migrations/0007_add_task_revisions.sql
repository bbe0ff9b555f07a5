-- Counts the changes that people make to a task, so that one can say which state a change is meant for.
ALTER TABLE tasks ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0);
