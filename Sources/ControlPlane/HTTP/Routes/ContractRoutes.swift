internal import HTTPTypes
internal import Hummingbird

/// The contract itself.
struct ContractRoutes: RouteGroup {
    var routes: [Route] {
        [
            Route(.get, "/openapi.json", nil) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: Contract.text))
                )
            }
        ]
    }
}
