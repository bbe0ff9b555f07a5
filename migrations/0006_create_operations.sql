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
