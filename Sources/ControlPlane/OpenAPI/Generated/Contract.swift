// Written by tools/embed-contract from OpenAPI/openapi.json. Not to be edited.

/// The contract of the HTTP interface.
package enum Contract {
    /// OpenAPI 3.1 as JSON.
    package static let text = ##"""
        {
          "openapi": "3.1.0",
          "info": {
            "title": "Flightlog",
            "version": "1",
            "summary": "The flight recorder for Milvus: sources, replication tasks, restore points and restores.",
            "description": "Times are milliseconds since 1970 in UTC. A `tso` is a timestamp of Milvus: milliseconds times 2^18, plus a counter. Answers may gain keys; what is there keeps its meaning. Every error is a problem document (RFC 9457) with a stable `code`. Where tokens exist, or other machines can reach the server, a request carries one; `x-role` is the least role that may use an operation."
          },
          "servers": [{ "url": "/" }],
          "security": [{ "token": [] }],
          "tags": [
            { "name": "sources", "description": "What is journalled." },
            { "name": "tasks", "description": "Replications of a source onto a target." },
            { "name": "points", "description": "Names for moments." },
            { "name": "restores", "description": "Bringing a Milvus to a moment." },
            { "name": "operations", "description": "Long work: how far it is, and how it is ended." },
            { "name": "backups", "description": "Copies of journals." },
            { "name": "events", "description": "What happened." },
            { "name": "server", "description": "The server itself." }
          ],
          "paths": {
            "/livez": {
              "get": {
                "operationId": "isAlive", "tags": ["server"], "summary": "Whether the process answers.", "security": [],
                "responses": {
                  "200": { "description": "It does.", "content": { "text/plain": { "schema": { "type": "string" } } } },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/readyz": {
              "get": {
                "operationId": "isReady", "tags": ["server"], "summary": "Whether the server can do its work.", "security": [],
                "parameters": [{ "name": "verbose", "in": "query", "description": "Tells each check.", "allowEmptyValue": true, "schema": { "type": "string" } }],
                "responses": {
                  "200": { "description": "It can.", "content": { "text/plain": { "schema": { "type": "string" } } } },
                  "503": { "description": "It cannot; the text says why.", "content": { "text/plain": { "schema": { "type": "string" } } } },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/openapi.json": {
              "get": {
                "operationId": "readContract", "tags": ["server"], "summary": "This document.", "security": [],
                "responses": {
                  "200": { "description": "OpenAPI 3.1.", "content": { "application/json": { "schema": { "type": "object" } } } },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/metrics": {
              "get": {
                "operationId": "readMetrics", "tags": ["server"], "summary": "Numbers in Prometheus' text format.", "x-role": "viewer",
                "responses": {
                  "200": { "description": "The numbers.", "content": { "text/plain": { "schema": { "type": "string" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "501": { "$ref": "#/components/responses/NotBuilt" }
                }
              }
            },
            "/v1/sources": {
              "get": {
                "operationId": "listSources", "tags": ["sources"], "summary": "Every source, in the configuration's order.", "x-role": "viewer",
                "parameters": [{ "$ref": "#/components/parameters/limit" }, { "$ref": "#/components/parameters/page_token" }],
                "responses": {
                  "200": { "description": "A page of sources.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/SourceList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/v1/sources/{name}": {
              "parameters": [{ "$ref": "#/components/parameters/name" }],
              "get": {
                "operationId": "readSource", "tags": ["sources"], "summary": "One source: its state, its channels, its gaps.", "x-role": "viewer",
                "responses": {
                  "200": { "description": "The source.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Source" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/v1/tasks": {
              "get": {
                "operationId": "listTasks", "tags": ["tasks"], "summary": "Every task, oldest first.", "x-role": "viewer",
                "parameters": [{ "$ref": "#/components/parameters/limit" }, { "$ref": "#/components/parameters/page_token" }],
                "responses": {
                  "200": { "description": "A page of tasks.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/TaskList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "post": {
                "operationId": "createTask", "tags": ["tasks"], "x-role": "operator",
                "summary": "Creates a task and begins it.",
                "description": "With an `id` of the caller's choice the same request can be sent again: it answers 200 with the task that is there. Another request with that id is a conflict.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/TaskRequest" } } } },
                "responses": {
                  "200": { "$ref": "#/components/responses/Task" },
                  "201": { "$ref": "#/components/responses/Task" },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "get": {
                "operationId": "readTask", "tags": ["tasks"], "summary": "One task.", "x-role": "viewer",
                "responses": {
                  "200": { "$ref": "#/components/responses/Task" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "patch": {
                "operationId": "changeTask", "tags": ["tasks"], "summary": "Changes where a task's target is, what it leaves out and what becomes of refused entries.", "x-role": "operator",
                "description": "A target can change its address, for a Milvus that moved. A login that came with the task through `/cdc` belongs to the address it came with: where the address changes it is forgotten, and what the configuration says of the new target counts. What a task takes and how it is called cannot change: what is on the target would no longer fit.",
                "parameters": [{ "$ref": "#/components/parameters/if_match" }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/TaskChange" } } } },
                "responses": {
                  "200": { "$ref": "#/components/responses/Task" },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "412": { "$ref": "#/components/responses/Changed" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              },
              "delete": {
                "operationId": "deleteTask", "tags": ["tasks"], "summary": "Ends a task; its target keeps what it holds.", "x-role": "operator",
                "parameters": [{ "$ref": "#/components/parameters/if_match" }],
                "responses": {
                  "204": { "description": "It is gone, and nothing more is sent to its target." },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "412": { "$ref": "#/components/responses/Changed" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}/pause": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "post": {
                "operationId": "pauseTask", "tags": ["tasks"], "summary": "Stops a task until somebody resumes it, restarts included.", "x-role": "operator",
                "parameters": [{ "$ref": "#/components/parameters/if_match" }],
                "responses": {
                  "200": { "$ref": "#/components/responses/Task" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "412": { "$ref": "#/components/responses/Changed" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}/resume": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "post": {
                "operationId": "resumeTask", "tags": ["tasks"], "x-role": "operator",
                "summary": "Starts a task that is paused or has failed, and parked lanes of one that runs.",
                "parameters": [{ "$ref": "#/components/parameters/if_match" }],
                "requestBody": { "required": false, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ResumeRequest" } } } },
                "responses": {
                  "200": { "$ref": "#/components/responses/Task" },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "412": { "$ref": "#/components/responses/Changed" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}/dead-letters": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "get": {
                "operationId": "listDeadLetters", "tags": ["tasks"], "summary": "The entries that the target refused and that the task went past, in the order of the journal.", "x-role": "viewer",
                "parameters": [
                  { "$ref": "#/components/parameters/limit" },
                  { "$ref": "#/components/parameters/page_token" },
                  { "name": "after", "in": "query", "description": "Only those of later entries.", "schema": { "type": "integer", "format": "int64", "minimum": 0, "maximum": 9223372036854775807 } }
                ],
                "responses": {
                  "200": { "description": "A page of dead letters; those of one entry are never apart.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/DeadLetterList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "delete": {
                "operationId": "dropDeadLetters", "tags": ["tasks"], "summary": "Forgets every dead letter of a task; its target stays without them.", "x-role": "operator",
                "responses": {
                  "200": { "$ref": "#/components/responses/DeadLetterCount" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}/dead-letters/retry": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "post": {
                "operationId": "retryDeadLetters", "tags": ["tasks"], "summary": "Has dead letters tried again: those of some entries, or all.", "x-role": "operator",
                "requestBody": { "required": false, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/DeadLetterRequest" } } } },
                "responses": {
                  "202": { "$ref": "#/components/responses/DeadLetterCount" },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/tasks/{id}/dead-letters/{sequence}": {
              "parameters": [
                { "$ref": "#/components/parameters/id" },
                { "name": "sequence", "in": "path", "required": true, "description": "The entry's number in the journal.", "schema": { "type": "integer", "minimum": 0 } }
              ],
              "delete": {
                "operationId": "dropDeadLetter", "tags": ["tasks"], "summary": "Forgets the dead letters of one entry; the target stays without it.", "x-role": "operator",
                "responses": {
                  "200": { "$ref": "#/components/responses/DeadLetterCount" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/points": {
              "get": {
                "operationId": "listPoints", "tags": ["points"], "summary": "Every restore point, by source and then by time.", "x-role": "viewer",
                "parameters": [{ "$ref": "#/components/parameters/limit" }, { "$ref": "#/components/parameters/page_token" }],
                "responses": {
                  "200": { "description": "A page of restore points.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PointList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              },
              "post": {
                "operationId": "createPoint", "tags": ["points"], "x-role": "operator",
                "summary": "Names a moment, and keeps what leads to it from retention.",
                "description": "The same request with the same `at` again answers 200 with the point that is there.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PointRequest" } } } },
                "responses": {
                  "200": { "description": "The restore point that was there.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Point" } } } },
                  "201": { "description": "The restore point.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Point" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/points/{name}": {
              "parameters": [{ "$ref": "#/components/parameters/name" }],
              "delete": {
                "operationId": "deletePoint", "tags": ["points"], "summary": "Forgets a restore point; the journal stays as it is.", "x-role": "operator",
                "responses": {
                  "204": { "description": "It is gone." },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/restores": {
              "get": {
                "operationId": "listRestores", "tags": ["restores"], "summary": "Every restore, oldest first.", "x-role": "viewer",
                "parameters": [{ "$ref": "#/components/parameters/limit" }, { "$ref": "#/components/parameters/page_token" }],
                "responses": {
                  "200": { "description": "A page of restores.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/RestoreList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "post": {
                "operationId": "createRestore", "tags": ["restores"], "x-role": "operator",
                "summary": "Brings a target to a moment of a source, as an operation to look at and to cancel.",
                "description": "Nothing that the target holds is touched: a collection that is to be restored and holds rows there already ends the restore. It goes on after a restart of the server. With an `id` of the caller's choice the same request can be sent again: it answers 200 with the operation that is there.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/RestoreRequest" } } } },
                "responses": {
                  "200": { "$ref": "#/components/responses/Operation" },
                  "202": { "$ref": "#/components/responses/Operation" },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "408": { "$ref": "#/components/responses/Timeout" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "413": { "$ref": "#/components/responses/TooLarge" },
                  "415": { "$ref": "#/components/responses/UnsupportedMedia" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/restores/{id}": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "get": {
                "operationId": "readRestore", "tags": ["restores"], "summary": "One restore: how far it is, and what is in the way.", "x-role": "viewer",
                "responses": {
                  "200": { "description": "The restore.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Restore" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "delete": {
                "operationId": "cancelRestore", "tags": ["restores"], "summary": "Ends a restore where it is; the target keeps what it holds.", "x-role": "operator",
                "responses": {
                  "200": { "description": "The restore, cancelled.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Restore" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/operations": {
              "get": {
                "operationId": "listOperations", "tags": ["operations"], "summary": "Every operation, oldest first; the last thousand that ended are kept.", "x-role": "viewer",
                "parameters": [{ "$ref": "#/components/parameters/limit" }, { "$ref": "#/components/parameters/page_token" }],
                "responses": {
                  "200": { "description": "A page of operations.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/OperationList" } } } },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            },
            "/v1/operations/{id}": {
              "parameters": [{ "$ref": "#/components/parameters/id" }],
              "get": {
                "operationId": "readOperation", "tags": ["operations"], "summary": "How far an operation is.", "x-role": "viewer",
                "responses": {
                  "200": { "description": "The operation.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Operation" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              },
              "delete": {
                "operationId": "cancelOperation", "tags": ["operations"], "summary": "Ends an operation where it is.", "x-role": "operator",
                "responses": {
                  "200": { "description": "The operation, cancelled.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Operation" } } } },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "404": { "$ref": "#/components/responses/NotFound" },
                  "409": { "$ref": "#/components/responses/Conflict" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "503": { "$ref": "#/components/responses/Unavailable" }
                }
              }
            },
            "/v1/backups": {
              "get": {
                "operationId": "listBackups", "tags": ["backups"], "summary": "Not built yet.", "x-role": "viewer",
                "responses": {
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "501": { "$ref": "#/components/responses/NotBuilt" }
                }
              },
              "post": {
                "operationId": "createBackup", "tags": ["backups"], "summary": "Not built yet.", "x-role": "operator",
                "responses": {
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" },
                  "501": { "$ref": "#/components/responses/NotBuilt" }
                }
              }
            },
            "/v1/events": {
              "get": {
                "operationId": "listEvents", "tags": ["events"], "summary": "What happened, newest first; or followed as it happens.", "x-role": "viewer",
                "description": "With `follow=true` or `Accept: text/event-stream` the answer is a stream of server-sent events that begins with what comes next, or after the event that `Last-Event-ID` names.",
                "parameters": [
                  { "$ref": "#/components/parameters/limit" },
                  { "$ref": "#/components/parameters/page_token" },
                  { "name": "task", "in": "query", "description": "Only the events of one task.", "schema": { "$ref": "#/components/schemas/ID" } },
                  { "name": "before", "in": "query", "description": "Only events with a lower id.", "schema": { "type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807 } },
                  { "name": "follow", "in": "query", "description": "Whether to stay and hear of what comes.", "schema": { "type": "boolean" } },
                  { "name": "Last-Event-ID", "in": "header", "description": "The last event that a follower has seen; a list does not change by it.", "schema": { "type": "integer", "format": "int64", "minimum": 0, "maximum": 9223372036854775807 } }
                ],
                "responses": {
                  "200": {
                    "description": "A page of events, or a stream of them.",
                    "content": {
                      "application/json": { "schema": { "$ref": "#/components/schemas/EventList" } },
                      "text/event-stream": { "schema": { "type": "string" } }
                    }
                  },
                  "400": { "$ref": "#/components/responses/Invalid" },
                  "401": { "$ref": "#/components/responses/Unauthenticated" },
                  "403": { "$ref": "#/components/responses/Forbidden" },
                  "429": { "$ref": "#/components/responses/TooManyRequests" }
                }
              }
            }
          },
          "components": {
            "securitySchemes": {
              "token": { "type": "http", "scheme": "bearer", "description": "A token that flightlog token create has made." }
            },
            "parameters": {
              "id": { "name": "id", "in": "path", "required": true, "schema": { "$ref": "#/components/schemas/ID" } },
              "name": { "name": "name", "in": "path", "required": true, "schema": { "$ref": "#/components/schemas/Name" } },
              "limit": { "name": "limit", "in": "query", "description": "How many elements a page has at most.", "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 } },
              "page_token": { "name": "page_token", "in": "query", "description": "The `next_page_token` of the page before.", "schema": { "type": "string" } },
              "if_match": { "name": "If-Match", "in": "header", "description": "The ETags of the states that the request is meant for.", "schema": { "type": "string" } }
            },
            "headers": {
              "ETag": { "description": "Which state of which task this is.", "schema": { "type": "string" } },
              "Location": { "description": "Where to look how far it is.", "schema": { "type": "string" } }
            },
            "responses": {
              "Task": {
                "description": "The task.",
                "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Task" } } }
              },
              "DeadLetterCount": {
                "description": "How many it was about.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/DeadLetterCount" } } }
              },
              "Operation": {
                "description": "The operation.",
                "headers": { "Location": { "$ref": "#/components/headers/Location" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Operation" } } }
              },
              "Invalid": { "description": "`invalid`: the request cannot be understood, or names something that cannot be.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Unauthenticated": { "description": "`unauthenticated`: a token is needed.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Forbidden": { "description": "`forbidden`: the token's role is not enough. `refused`: this is never done.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "NotFound": { "description": "`not_found`: there is no such thing.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Timeout": { "description": "`timeout`: the request did not arrive in time.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Conflict": { "description": "`conflict`: something of that name is there already, or its state forbids this.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Changed": { "description": "`changed`: it is no longer in a state that `If-Match` names.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "TooLarge": { "description": "`too_large`: the body is too large.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "UnsupportedMedia": { "description": "`unsupported_media`: the body is not JSON.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "TooManyRequests": { "description": "`too_many_requests`: ask less often.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "NotBuilt": { "description": "`not_built`: a part that is not there yet.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
              "Unavailable": { "description": "`unavailable`: something that is needed is away or busy.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } }
            },
            "schemas": {
              "ID": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", "description": "1 to 128 letters, digits, `-`, `_` or `.`, the first a letter or digit." },
              "Name": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$" },
              "Patterns": { "type": "array", "items": { "type": "string", "minLength": 1 }, "description": "`database.collection`, with `*` in either part; a bare name means the database `default`." },
              "Renames": { "type": "array", "items": { "type": "string", "minLength": 3 }, "description": "Each as `from=to`." },
              "LeftOut": { "type": "array", "items": { "type": "string", "minLength": 1 }, "description": "Names of operations that are not replicated, such as `load`." },
              "OnError": { "type": "string", "enum": ["park", "dead-letter"], "description": "What becomes of an entry that the target refuses for good." },
              "TSO": { "type": "integer", "format": "uint64", "minimum": 0, "description": "A timestamp of Milvus." },
              "Time": { "type": "integer", "format": "int64", "description": "Milliseconds since 1970 in UTC." },
              "Count": { "type": "integer", "format": "uint64", "minimum": 0 },
              "Fraction": { "type": ["number", "null"], "minimum": 0, "maximum": 1 },
              "NextPage": { "type": "string", "description": "The token of the next page; not there on the last one." },
              "Mark": {
                "type": "object", "required": ["sequence", "tso"], "description": "A place in a journal.",
                "properties": { "sequence": { "$ref": "#/components/schemas/Count" }, "tso": { "$ref": "#/components/schemas/TSO" } }
              },
              "Channel": {
                "type": "object", "required": ["name", "offset", "head", "lag_seconds"],
                "properties": {
                  "name": { "type": "string" },
                  "offset": { "type": "integer", "format": "int64", "description": "Where reading would go on after a restart." },
                  "head": { "$ref": "#/components/schemas/TSO" },
                  "lag_seconds": { "type": "number" }
                }
              },
              "SourceGap": {
                "type": "object", "required": ["from", "through", "reason"], "description": "History that was lost before it could be read.",
                "properties": {
                  "database": { "type": "string" }, "collection": { "type": "string" },
                  "collection_id": { "type": "integer", "format": "int64" }, "shard": { "type": "integer" },
                  "from": { "$ref": "#/components/schemas/TSO" }, "through": { "$ref": "#/components/schemas/TSO" }, "reason": { "type": "string" }
                }
              },
              "Source": {
                "type": "object", "required": ["name", "state", "resolved", "lag_seconds", "channels", "gaps", "reading", "journal", "last_error"],
                "properties": {
                  "name": { "type": "string" },
                  "state": { "type": "string", "enum": ["starting", "running", "retrying", "gap", "failed"] },
                  "resolved": { "$ref": "#/components/schemas/Mark" },
                  "lag_seconds": { "type": ["number", "null"] },
                  "channels": { "type": "array", "items": { "$ref": "#/components/schemas/Channel" } },
                  "gaps": { "type": "array", "items": { "$ref": "#/components/schemas/SourceGap" } },
                  "reading": {
                    "type": ["object", "null"],
                    "description": "What the reader holds back and has left out since it began; null while the source is not read.",
                    "required": ["waiting_for", "held_bytes", "open_transactions", "discarded"],
                    "properties": {
                      "waiting_for": { "type": ["string", "null"], "description": "The channel whose time tick everything else waits for." },
                      "held_bytes": { "type": "integer", "minimum": 0, "description": "Bytes of rows that wait for their timestamp to be resolved." },
                      "open_transactions": { "type": "integer", "minimum": 0, "description": "Transactions that have begun and not ended." },
                      "discarded": { "$ref": "#/components/schemas/Discarded" }
                    }
                  },
                  "journal": {
                    "type": ["object", "null"],
                    "required": ["oldest", "segments", "bytes", "disk_free_bytes"],
                    "properties": {
                      "oldest": { "$ref": "#/components/schemas/Mark" },
                      "segments": { "type": "integer" },
                      "bytes": { "type": "integer" },
                      "disk_free_bytes": { "type": "integer" }
                    }
                  },
                  "last_error": { "type": ["string", "null"] }
                }
              },
              "Discarded": {
                "type": "object", "description": "Rows that were read and do not belong into the journal, by reason.",
                "required": ["already_journalled", "duplicates", "of_dropped_collections", "of_dropped_partitions", "in_gaps", "truncated", "below_ticks", "ended_transactions"],
                "properties": {
                  "already_journalled": { "$ref": "#/components/schemas/Count" }, "duplicates": { "type": "integer", "minimum": 0, "description": "Messages that a producer wrote twice." },
                  "of_dropped_collections": { "$ref": "#/components/schemas/Count" }, "of_dropped_partitions": { "$ref": "#/components/schemas/Count" },
                  "in_gaps": { "$ref": "#/components/schemas/Count" }, "truncated": { "$ref": "#/components/schemas/Count" },
                  "below_ticks": { "type": "integer", "minimum": 0, "description": "Messages of a writer that had lost its channel." },
                  "ended_transactions": { "type": "integer", "minimum": 0, "description": "Transactions that were rolled back or given up." }
                }
              },
              "SourceList": {
                "type": "object", "required": ["sources"],
                "properties": { "sources": { "type": "array", "items": { "$ref": "#/components/schemas/Source" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "ParkedLane": {
                "type": "object", "required": ["lane", "error"], "description": "A collection or database that waits for a person.",
                "properties": {
                  "lane": { "type": "string" }, "sequence": { "$ref": "#/components/schemas/Count" },
                  "error": { "type": "string" }, "waits_for": { "type": "string", "description": "What has to happen, as a sentence." }
                }
              },
              "InDoubt": {
                "type": "object", "required": ["requests", "rows", "rows_held", "requests_untold"],
                "description": "What came of inserts that may have been applied before.",
                "properties": {
                  "requests": { "$ref": "#/components/schemas/Count" }, "rows": { "$ref": "#/components/schemas/Count" },
                  "rows_held": { "$ref": "#/components/schemas/Count" }, "requests_untold": { "$ref": "#/components/schemas/Count" }
                }
              },
              "TaskGap": {
                "type": "object", "required": ["from", "through", "reason"],
                "description": "History that the source lost and this task would have needed.",
                "properties": {
                  "lane": { "type": ["string", "null"], "description": "The collection on the target; missing where any may be affected." },
                  "from": { "$ref": "#/components/schemas/Count" }, "through": { "$ref": "#/components/schemas/Count" },
                  "reason": { "type": "string" }
                }
              },
              "Skipped": {
                "type": "object", "required": ["op", "count", "reason"],
                "description": "Operations of one kind that the target cannot hold and that were passed over.",
                "properties": {
                  "op": { "type": "string" }, "lane": { "type": ["string", "null"] },
                  "count": { "$ref": "#/components/schemas/Count" }, "reason": { "type": "string" }
                }
              },
              "Task": {
                "type": "object",
                "required": ["id", "source", "target", "state", "checkpoint", "resolved", "lag_seconds", "backlog_entries", "include", "exclude", "rename", "start", "leave_out", "on_error", "dead_letters", "parked", "in_doubt", "gaps", "skipped", "notices", "last_error", "created", "updated", "etag"],
                "properties": {
                  "id": { "$ref": "#/components/schemas/ID" },
                  "source": { "type": "string" },
                  "target": { "type": "string" },
                  "state": { "type": "string", "enum": ["running", "paused", "retrying", "parked", "gap", "failed", "done"] },
                  "checkpoint": { "$ref": "#/components/schemas/Mark", "description": "Up to here the target holds everything." },
                  "resolved": { "$ref": "#/components/schemas/Mark", "description": "The end of the source's journal." },
                  "lag_seconds": { "type": "number", "minimum": 0 },
                  "backlog_entries": { "$ref": "#/components/schemas/Count" },
                  "include": { "$ref": "#/components/schemas/Patterns" },
                  "exclude": { "$ref": "#/components/schemas/Patterns" },
                  "rename": { "$ref": "#/components/schemas/Renames" },
                  "start": { "type": "string" },
                  "leave_out": { "$ref": "#/components/schemas/LeftOut" },
                  "on_error": { "$ref": "#/components/schemas/OnError" },
                  "dead_letters": { "$ref": "#/components/schemas/Count" },
                  "parked": { "type": "array", "items": { "$ref": "#/components/schemas/ParkedLane" } },
                  "in_doubt": { "$ref": "#/components/schemas/InDoubt" },
                  "gaps": { "type": "array", "items": { "$ref": "#/components/schemas/TaskGap" } },
                  "skipped": { "type": "array", "items": { "$ref": "#/components/schemas/Skipped" } },
                  "notices": { "type": "array", "items": { "type": "string" }, "description": "What could not be taken over and is left for a person to do, each a sentence." },
                  "last_error": { "type": ["string", "null"] },
                  "created": { "$ref": "#/components/schemas/Time" },
                  "updated": { "$ref": "#/components/schemas/Time" },
                  "etag": { "type": "string", "description": "Which state of the task this is, for `If-Match`." }
                }
              },
              "TaskList": {
                "type": "object", "required": ["tasks"],
                "properties": { "tasks": { "type": "array", "items": { "$ref": "#/components/schemas/Task" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "TaskRequest": {
                "type": "object", "required": ["source", "target"], "additionalProperties": false,
                "properties": {
                  "id": { "$ref": "#/components/schemas/ID" },
                  "source": { "type": "string" },
                  "target": { "type": "string", "description": "A name of the configuration, or an address as `http://HOST:PORT`." },
                  "include": { "$ref": "#/components/schemas/Patterns" },
                  "exclude": { "$ref": "#/components/schemas/Patterns" },
                  "rename": { "$ref": "#/components/schemas/Renames" },
                  "start": { "type": "string", "default": "earliest", "description": "`earliest`, `latest`, `tso:N` or `point:NAME`." },
                  "leave_out": { "$ref": "#/components/schemas/LeftOut" },
                  "on_error": { "$ref": "#/components/schemas/OnError" }
                }
              },
              "TaskChange": {
                "type": "object", "additionalProperties": false,
                "properties": {
                  "target": { "type": "string", "description": "The same Milvus under another name or address. A login that a caller gave for another address does not go along." },
                  "leave_out": { "$ref": "#/components/schemas/LeftOut" },
                  "on_error": { "$ref": "#/components/schemas/OnError" }
                }
              },
              "ResumeRequest": {
                "type": "object", "additionalProperties": false,
                "properties": { "lane": { "type": "string", "description": "Only this parked lane." } }
              },
              "DeadLetter": {
                "type": "object", "required": ["sequence", "lane", "op", "rows", "error", "state", "attempts", "created_at", "updated_at"],
                "description": "An entry that the target refused and that the task went past.",
                "properties": {
                  "sequence": { "$ref": "#/components/schemas/Count" },
                  "lane": { "type": "string" },
                  "op": { "type": "string", "description": "The operation's name, such as `insert`." },
                  "rows": { "$ref": "#/components/schemas/Count" },
                  "error": { "type": "string" },
                  "state": { "type": "string", "enum": ["refused", "retrying"] },
                  "attempts": { "$ref": "#/components/schemas/Count" },
                  "created_at": { "$ref": "#/components/schemas/Time" },
                  "updated_at": { "$ref": "#/components/schemas/Time" }
                }
              },
              "DeadLetterList": {
                "type": "object", "required": ["dead_letters", "total"],
                "properties": {
                  "dead_letters": { "type": "array", "items": { "$ref": "#/components/schemas/DeadLetter" } },
                  "total": { "$ref": "#/components/schemas/Count" }, "next_page_token": { "$ref": "#/components/schemas/NextPage" }
                }
              },
              "DeadLetterCount": { "type": "object", "required": ["count"], "properties": { "count": { "$ref": "#/components/schemas/Count" } } },
              "DeadLetterRequest": {
                "type": "object", "additionalProperties": false,
                "properties": { "sequences": { "type": "array", "items": { "type": "integer", "minimum": 0 }, "description": "The numbers of their entries." } }
              },
              "Point": {
                "type": "object", "required": ["name", "source", "tso", "created", "resolved"],
                "properties": {
                  "name": { "$ref": "#/components/schemas/Name" },
                  "source": { "type": "string" },
                  "tso": { "$ref": "#/components/schemas/TSO" },
                  "created": { "$ref": "#/components/schemas/Time" },
                  "resolved": { "type": "boolean", "description": "Whether the journal is complete up to the moment yet." }
                }
              },
              "PointList": {
                "type": "object", "required": ["points"],
                "properties": { "points": { "type": "array", "items": { "$ref": "#/components/schemas/Point" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "PointRequest": {
                "type": "object", "required": ["name", "source"], "additionalProperties": false,
                "properties": {
                  "name": { "$ref": "#/components/schemas/Name" },
                  "source": { "type": "string" },
                  "at": { "type": "string", "description": "`tso:N` or an RFC 3339 time; now where nothing is said." }
                }
              },
              "RestoreGap": {
                "type": "object", "required": ["from", "through", "reason"],
                "properties": {
                  "lane": { "type": "string" }, "from": { "$ref": "#/components/schemas/TSO" },
                  "through": { "$ref": "#/components/schemas/TSO" }, "reason": { "type": "string" }
                }
              },
              "Restore": {
                "type": "object",
                "required": ["id", "source", "target", "to", "end", "include", "exclude", "rename", "state", "progress", "rows", "bytes", "requests", "checkpoint", "parked", "gaps", "created", "updated", "finished", "last_error"],
                "properties": {
                  "id": { "$ref": "#/components/schemas/ID" },
                  "source": { "type": "string" },
                  "target": { "type": "string" },
                  "to": { "type": "string", "description": "The moment as it was asked for." },
                  "end": { "type": "string", "description": "The moment as `tso:N` or `seq:N`." },
                  "include": { "$ref": "#/components/schemas/Patterns" },
                  "exclude": { "$ref": "#/components/schemas/Patterns" },
                  "rename": { "$ref": "#/components/schemas/Renames" },
                  "state": { "type": "string", "enum": ["running", "retrying", "done", "failed", "cancelled"] },
                  "progress": { "$ref": "#/components/schemas/Fraction" },
                  "rows": { "$ref": "#/components/schemas/Count" },
                  "bytes": { "$ref": "#/components/schemas/Count" },
                  "requests": { "$ref": "#/components/schemas/Count" },
                  "checkpoint": { "$ref": "#/components/schemas/Mark" },
                  "parked": { "type": "array", "items": { "$ref": "#/components/schemas/ParkedLane" } },
                  "gaps": { "type": "array", "items": { "$ref": "#/components/schemas/RestoreGap" } },
                  "created": { "$ref": "#/components/schemas/Time" },
                  "updated": { "$ref": "#/components/schemas/Time" },
                  "finished": { "type": ["integer", "null"], "format": "int64" },
                  "last_error": { "type": ["string", "null"] }
                }
              },
              "RestoreList": {
                "type": "object", "required": ["restores"],
                "properties": { "restores": { "type": "array", "items": { "$ref": "#/components/schemas/Restore" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "RestoreRequest": {
                "type": "object", "required": ["source", "target", "to"], "additionalProperties": false,
                "properties": {
                  "id": { "$ref": "#/components/schemas/ID" },
                  "source": { "type": "string" },
                  "target": { "type": "string", "description": "A name of the configuration, or an address as `http://HOST:PORT`." },
                  "to": { "type": "string", "description": "An RFC 3339 time, `tso:N`, `seq:N`, `point:NAME` or `latest`." },
                  "include": { "$ref": "#/components/schemas/Patterns" },
                  "exclude": { "$ref": "#/components/schemas/Patterns" },
                  "rename": { "$ref": "#/components/schemas/Renames" }
                }
              },
              "Operation": {
                "type": "object", "required": ["id", "kind", "state", "progress", "resource", "created", "updated", "finished", "error"],
                "properties": {
                  "id": { "$ref": "#/components/schemas/ID" },
                  "kind": { "type": "string", "enum": ["restore"] },
                  "state": { "type": "string", "enum": ["running", "done", "failed", "cancelled"] },
                  "progress": { "$ref": "#/components/schemas/Fraction" },
                  "resource": { "type": "string", "description": "The path of what it works on." },
                  "created": { "$ref": "#/components/schemas/Time" },
                  "updated": { "$ref": "#/components/schemas/Time" },
                  "finished": { "type": ["integer", "null"], "format": "int64" },
                  "error": { "type": ["string", "null"] }
                }
              },
              "OperationList": {
                "type": "object", "required": ["operations"],
                "properties": { "operations": { "type": "array", "items": { "$ref": "#/components/schemas/Operation" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "Event": {
                "type": "object", "required": ["id", "at", "kind", "message"],
                "properties": {
                  "id": { "type": "integer", "format": "int64", "minimum": 1 },
                  "at": { "$ref": "#/components/schemas/Time" },
                  "kind": { "type": "string", "description": "Such as `task.created`." },
                  "source": { "type": "string" }, "task": { "type": "string" },
                  "message": { "type": "string" }
                }
              },
              "EventList": {
                "type": "object", "required": ["events"],
                "properties": { "events": { "type": "array", "items": { "$ref": "#/components/schemas/Event" } }, "next_page_token": { "$ref": "#/components/schemas/NextPage" } }
              },
              "Problem": {
                "type": "object", "required": ["type", "code", "title", "status", "detail"], "description": "RFC 9457.",
                "properties": {
                  "type": { "type": "string", "format": "uri" },
                  "code": {
                    "type": "string",
                    "enum": ["invalid", "unauthenticated", "forbidden", "refused", "not_found", "method_not_allowed", "timeout", "conflict", "changed", "too_large", "unsupported_media", "too_many_requests", "failed", "not_built", "unavailable"]
                  },
                  "title": { "type": "string" },
                  "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                  "detail": { "type": "string" },
                  "hint": { "type": "string" }
                }
              }
            }
          }
        }

        """##
}
