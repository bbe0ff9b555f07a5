internal import HTTPTypes
internal import Hummingbird

/// `/metrics`, and `/cdc/metrics` with the names that dashboards of milvus-cdc know.
struct MetricsRoutes: RouteGroup {
    let supervisor: Supervisor
    let meters: ServerMeters

    var routes: [Route] {
        let (supervisor, meters) = (supervisor, meters)
        return [
            Route(.get, "/metrics", .viewer) { _, _ in
                Self.text(
                    try await supervisor.metrics() + meters.families + ProcessMetrics.families()
                )
            },
            Route(.get, "/cdc/metrics", .viewer) { _, _ in
                Self.text(try await supervisor.cdcMetrics() + meters.cdcFamilies)
            },
        ]
    }

    private static func text(_ families: [MetricFamily]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: MetricText.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: MetricText(families).text))
        )
    }
}
