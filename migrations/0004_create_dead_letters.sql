-- What a task does with an entry that its target refuses for good: park the lane, or list the entry and go on.
ALTER TABLE tasks ADD COLUMN on_error TEXT NOT NULL DEFAULT 'park'
    CHECK (on_error IN ('park', 'dead-letter'));

-- What a parked lane waits for, as a sentence; empty where it is not known.
ALTER TABLE parked_lanes ADD COLUMN needs TEXT NOT NULL DEFAULT '';

-- An entry that a task's target refuses for good and that the task went past.
CREATE TABLE dead_letters (
    task_id    TEXT    NOT NULL REFERENCES tasks (id) ON DELETE CASCADE ON UPDATE CASCADE,
    sequence   INTEGER NOT NULL CHECK (sequence > 0),
    -- What it is about, as named on the target; one entry may be about several.
    lane       TEXT    NOT NULL CHECK (lane LIKE '%_._%'),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    row_count  INTEGER NOT NULL CHECK (row_count >= 0),
    reason     TEXT    NOT NULL,
    -- How often the target refused it.
    attempts   INTEGER NOT NULL CHECK (attempts > 0),
    -- Whether a person asked for another attempt, which is still to be made.
    is_wanted  INTEGER NOT NULL DEFAULT 0 CHECK (is_wanted IN (0, 1)),
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
    PRIMARY KEY (task_id, sequence, lane)
) STRICT, WITHOUT ROWID;
