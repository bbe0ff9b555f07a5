// Written by tools/embed-migrations from migrations/. Not to be edited.

extension Migration {
    /// Every migration, in order.
    package static let embedded: [Migration] = [
        Migration(
            number: 1,
            name: "create_tasks",
            sql: ##"""
                -- A task: one replication of a source to a target. Times are milliseconds since 1970 in UTC.
                CREATE TABLE tasks (
                    id             TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
                    source         TEXT    NOT NULL CHECK (source <> ''),
                    -- A URI, or the name of a target in the configuration.
                    target         TEXT    NOT NULL CHECK (target <> ''),
                    -- How the target is reached, beside its address. Secrets stand here by reference.
                    target_options TEXT    NOT NULL DEFAULT '{}'
                                           CHECK (json_valid(target_options) AND json_type(target_options) = 'object'),
                    include        TEXT    NOT NULL DEFAULT '[]'
                                           CHECK (json_valid(include) AND json_type(include) = 'array'),
                    exclude        TEXT    NOT NULL DEFAULT '[]'
                                           CHECK (json_valid(exclude) AND json_type(exclude) = 'array'),
                    rename         TEXT    NOT NULL DEFAULT '[]'
                                           CHECK (json_valid(rename) AND json_type(rename) = 'array'),
                    -- Names of operations that are not replicated.
                    left_out       TEXT    NOT NULL DEFAULT '[]'
                                           CHECK (json_valid(left_out) AND json_type(left_out) = 'array'),
                    -- "start" is where in the journal the task begins.
                    start          TEXT    NOT NULL
                                           CHECK (start IN ('earliest', 'latest')
                                                  OR (start GLOB 'tso:[0-9]*' AND start NOT GLOB 'tso:*[^0-9]*')
                                                  OR start GLOB 'point:?*'),
                    wanted_state   TEXT    NOT NULL CHECK (wanted_state IN ('running', 'paused')),
                    created_at     INTEGER NOT NULL CHECK (created_at >= 0),
                    updated_at     INTEGER NOT NULL CHECK (updated_at >= created_at)
                ) STRICT;

                CREATE INDEX tasks_by_source ON tasks (source);

                """##),
        Migration(
            number: 2,
            name: "create_checkpoints",
            sql: ##"""
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

                """##),
        Migration(
            number: 3,
            name: "create_events",
            sql: ##"""
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

                """##),
        Migration(
            number: 4,
            name: "create_dead_letters",
            sql: ##"""
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

                """##),
        Migration(
            number: 5,
            name: "create_tokens",
            sql: ##"""
                -- What a caller of the HTTP interface shows. Only the digest of it is kept.
                CREATE TABLE tokens (
                    -- The part of the token that is no secret.
                    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
                    name         TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
                    role         TEXT    NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
                    -- SHA-256 of the whole token.
                    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
                    created_at   INTEGER NOT NULL CHECK (created_at >= 0),
                    -- From then on it is worth nothing; never where it is null.
                    expires_at   INTEGER CHECK (expires_at >= 0),
                    last_used_at INTEGER CHECK (last_used_at >= 0)
                ) STRICT, WITHOUT ROWID;

                """##),
        Migration(
            number: 6,
            name: "create_operations",
            sql: ##"""
                -- Long work that somebody asked for: it goes on after a restart, until it is done, has failed or was cancelled.
                CREATE TABLE operations (
                    id          TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
                    kind        TEXT    NOT NULL CHECK (kind <> ''),
                    -- What was asked for.
                    request     TEXT    NOT NULL CHECK (json_valid(request) AND json_type(request) = 'object'),
                    state       TEXT    NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
                    -- How far it is. Only what does the work looks into it.
                    progress    TEXT    NOT NULL DEFAULT '{}'
                                        CHECK (json_valid(progress) AND json_type(progress) = 'object'),
                    error       TEXT    CHECK (error <> ''),
                    created_at  INTEGER NOT NULL CHECK (created_at >= 0),
                    updated_at  INTEGER NOT NULL CHECK (updated_at >= created_at),
                    finished_at INTEGER CHECK (finished_at >= created_at),
                    CHECK ((finished_at IS NULL) = (state = 'running'))
                ) STRICT, WITHOUT ROWID;

                CREATE INDEX operations_by_age ON operations (created_at, id);

                """##),
        Migration(
            number: 7,
            name: "add_task_revisions",
            sql: ##"""
                -- Counts the changes that people make to a task, so that one can say which state a change is meant for.
                ALTER TABLE tasks ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0);

                """##),
    ]
}
