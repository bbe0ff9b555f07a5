import Testing

@testable import ControlPlane

@Suite struct MetricsInterfaceTests {
    /// The value of the line that begins with a name and its labels.
    private static func value(_ series: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test func `sources, journals and tasks are told in numbers`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                while try await server.send("GET", "/v1/tasks/t").body["backlog_entries"] as? Int
                    != 0
                {}
                let answer = try await server.send("GET", "/metrics")
                #expect(answer.status == 200)
                #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
                let text = answer.text
                let task = #"{source="main",target="memory",task="t""#
                let rows = "flightlog_target_applied_rows_total\(task),op=\"insert\"}"
                let created =
                    "flightlog_target_applied_records_total\(task),op=\"create_collection\"}"
                let running = "flightlog_target_state\(task),state=\"running\"}"
                let paused = "flightlog_target_state\(task),state=\"paused\"}"
                let build = "flightlog_build_info{version=\"\(Build.version)\"}"
                let last = #"flightlog_journal_last_sequence{source="main"}"#
                let expected: [(String, Double)] = [
                    (last, 2), ("flightlog_target_backlog_records\(task)}", 0), (rows, 3),
                    (created, 1), (running, 1), (paused, 0), (build, 1),
                ]
                for (series, value) in expected {
                    #expect(Self.value(series, in: text) == value, "\(series)")
                }
                #expect((Self.value("process_resident_memory_bytes", in: text) ?? 0) > 1_048_576)
                #expect((Self.value("process_open_fds", in: text) ?? 0) > 2.0)
            }
        }
    }

    @Test func `no label is a caller's own word`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                for number in 0..<20 {
                    _ = try await server.send("GET", "/elsewhere/\(number)")
                    _ = try await server.send("GET", "/v1/tasks/task\(number)")
                    _ = try await server.send("POST", "/cdc", #"{"request_type":"t\#(number)"}"#)
                }
                for path in ["/metrics", "/cdc/metrics"] {
                    let text = try await server.send("GET", path).text
                    #expect(!text.contains("elsewhere") && !text.contains("task7"))
                    #expect(!text.contains("\"t7\""))
                }
            }
        }
    }

    @Test func `the names of milvus-cdc are there`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = try await server.send("POST", "/cdc", #"{"request_type":"list"}"#)
                while try await server.send("GET", "/v1/tasks/t").body["backlog_entries"] as? Int
                    != 0
                {}
                let text = try await server.send("GET", "/cdc/metrics").text
                #expect(Self.value(#"milvus_cdc_task_num{task_state="Running"}"#, in: text) == 1)
                #expect(Self.value(#"milvus_cdc_task_state{task_id="t"}"#, in: text) == 1)
                let list =
                    #"milvus_cdc_request_total{request_status="success",request_type="list"}"#
                #expect(Self.value(list, in: text) == 1)
                let call = #"milvus_cdc_api_execute_total{api_type="CreateCollection",task_id="t"}"#
                #expect(Self.value(call, in: text) == 1)
                for name in ["request_latency", "replicate_data_size", "replicate_data_cnt"] {
                    #expect(text.contains("# TYPE milvus_cdc_\(name) "))
                }
            }
        }
    }
}
