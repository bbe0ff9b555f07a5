-- What happened. A task's events outlive the task.
CREATE TABLE events (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL CHECK (at >= 0),
    kind    TEXT    NOT NULL CHECK (kind <> ''),
    source  TEXT    CHECK (source <> ''),
    task_id TEXT    CHECK (task_id <> ''),
    message TEXT    NOT NULL
) STRICT;

CREATE INDEX events_by_task ON events (task_id, id) WHERE task_id IS NOT NULL;
