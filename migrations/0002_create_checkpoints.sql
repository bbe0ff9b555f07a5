-- How far the target of a task is. Saved as a whole, with the task's parked lanes, in one transaction.
CREATE TABLE checkpoints (
    task_id    TEXT    NOT NULL PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE ON UPDATE CASCADE,
    -- Everything up to this entry is applied, or listed as parked or skipped.
    sequence   INTEGER NOT NULL CHECK (sequence >= 0),
    -- The source timestamp that stands for it.
    tso        INTEGER NOT NULL CHECK (tso >= 0),
    -- Nothing beyond this entry was ever sent.
    reach      INTEGER NOT NULL CHECK (reach >= 0),
    -- What else the replay remembers: lanes that are ahead, what was skipped, gaps, counts.
    detail     TEXT    NOT NULL DEFAULT '{}'
                       CHECK (json_valid(detail) AND json_type(detail) = 'object'),
    updated_at INTEGER NOT NULL CHECK (updated_at >= 0)
) STRICT, WITHOUT ROWID;

-- A lane that waits for a person.
CREATE TABLE parked_lanes (
    task_id  TEXT    NOT NULL REFERENCES checkpoints (task_id) ON DELETE CASCADE ON UPDATE CASCADE,
    lane     TEXT    NOT NULL CHECK (lane LIKE '%_._%'),
    -- The first entry of the lane that is not applied.
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    reach    INTEGER NOT NULL CHECK (reach >= 0),
    reason   TEXT    NOT NULL,
    PRIMARY KEY (task_id, lane)
) STRICT, WITHOUT ROWID;
