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
