internal import Synchronization

/// What the HTTP interface counts.
package final class ServerMeters: Sendable {
    /// What tells requests apart; each has few values.
    struct Request: Hashable, Sendable {
        let method: String
        /// The path with names in the place of parameters, such as `/v1/tasks/{id}`.
        let route: String
        let status: Int
    }

    /// What tells requests of `/cdc` apart.
    struct CDCRequest: Hashable, Sendable {
        let type: String
        let status: String
    }

    private struct State {
        var requests: [Request: Histogram] = [:]
        var cdcCounts: [CDCRequest: UInt64] = [:]
        var cdcLatencies: [String: Histogram] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    func note(_ request: Request, took duration: Duration) {
        state.withLock { $0.requests[request, default: .seconds].observe(duration) }
    }

    func note(cdc type: String, _ status: String) {
        state.withLock { $0.cdcCounts[CDCRequest(type: type, status: status), default: 0] += 1 }
    }

    func note(cdc type: String, took duration: Duration) {
        state.withLock {
            $0.cdcLatencies[type, default: Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128])]
                .observe((duration / .milliseconds(1)).rounded(.down))
        }
    }

    /// The requests so far.
    var families: [MetricFamily] {
        var family = MetricFamily(
            "http_server_request_duration_seconds",
            .histogram,
            "How long requests took, by what was asked and how it was answered."
        )
        let requests = state.withLock { $0.requests }
        for (request, histogram) in requests.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            family.samples += histogram.samples([
                .init("http_request_method", request.method), .init("http_route", request.route),
                .init("http_response_status_code", String(request.status)),
            ])
        }
        return [family]
    }

    /// The requests of `/cdc` so far, under the names of milvus-cdc.
    var cdcFamilies: [MetricFamily] {
        var counts = MetricFamily("milvus_cdc_request_total", .counter, "cdc request count")
        var latencies = MetricFamily(
            "milvus_cdc_request_latency",
            .histogram,
            "cdc request latency on the client side "
        )
        let state = state.withLock { $0 }
        for (request, count) in state.cdcCounts.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            counts.add(
                Double(count),
                .init("request_status", request.status),
                .init("request_type", request.type)
            )
        }
        for (type, histogram) in state.cdcLatencies.sorted(by: { $0.key < $1.key }) {
            latencies.samples += histogram.samples([.init("request_type", type)])
        }
        return [counts, latencies]
    }
}
