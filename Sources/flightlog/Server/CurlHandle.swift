internal import CCurl

/// What a server answered.
struct HTTPResponse: Sendable {
    let status: Int
    let body: [UInt8]
}

/// A failure reported by libcurl.
///
/// Source: `CURLcode` in `curl/curl.h`.
struct CurlFailure: Error, Hashable {
    /// The numeric `CURLcode`.
    let code: UInt32
    /// What libcurl says about it.
    let message: String

    /// Turns a code into an error unless it is `CURLE_OK`.
    static func check(_ code: CURLcode) throws(CurlFailure) {
        guard code != CURLE_OK else { return }
        throw CurlFailure(
            code: code.rawValue,
            message: unsafe String(cString: curl_easy_strerror(code))
        )
    }
}

/// One HTTP exchange: owns a libcurl easy handle and frees it when it goes out of scope.
///
/// Not copyable, so it cannot be freed twice; not `Sendable`, so it stays with its owner. The call
/// blocks its thread.
@safe struct CurlHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?

    init() {
        guard let handle = unsafe curl_easy_init() else {
            preconditionFailure("libcurl cannot allocate a handle")
        }
        unsafe self.handle = handle
        unsafe headers = nil
    }

    deinit {
        unsafe curl_slist_free_all(headers)
        unsafe curl_easy_cleanup(handle)
    }

    /// Adds a header line, such as `Accept: application/json`.
    mutating func add(header: String) {
        guard let longer = unsafe curl_slist_append(headers, header) else {
            preconditionFailure("libcurl cannot allocate a header")
        }
        unsafe headers = longer
    }

    /// Sends a request and returns the whole answer.
    ///
    /// `authorities` is a PEM file of those to trust; nil means those of the system.
    ///
    /// - Throws: `CURLE_URL_MALFORMAT`, `CURLE_COULDNT_RESOLVE_HOST`, `CURLE_COULDNT_CONNECT`,
    ///   `CURLE_OPERATION_TIMEDOUT`, `CURLE_PEER_FAILED_VERIFICATION`, `CURLE_SEND_ERROR`, `CURLE_RECV_ERROR` and their like.
    mutating func send(
        _ method: String,
        to url: String,
        body: String?,
        authorities: String? = nil,
        timeout: Duration
    ) throws(CurlFailure) -> HTTPResponse {
        try set(CURLOPT_URL, url)
        try set(CURLOPT_CUSTOMREQUEST, method)
        // Without these, a server's answer could make libcurl read files or speak other protocols.
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_NOSIGNAL, 1)
        // The certificate and its name are checked, whatever libcurl was built to do.
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities { try set(CURLOPT_CAINFO, authorities) }
        try set(CURLOPT_TIMEOUT_MS, Int(timeout / .milliseconds(1)))
        // Copies the text, so nothing of ours has to outlive the call.
        if let body { try set(CURLOPT_COPYPOSTFIELDS, body) }
        try CurlFailure.check(
            unsafe flightlog_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        )
        let received = Received()
        let context = unsafe Unmanaged.passUnretained(received)
        try CurlFailure.check(
            unsafe flightlog_curl_set_writer(
                handle,
                { bytes, size, count, context in
                    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                    let raw = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                    unsafe Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
                        .bytes.append(contentsOf: raw)
                    return size * count
                },
                unsafe context.toOpaque()
            )
        )
        let result = unsafe curl_easy_perform(handle)
        // libcurl keeps only the address of what it writes to.
        withExtendedLifetime(received) {}
        try CurlFailure.check(result)
        var status = 0
        try CurlFailure.check(unsafe flightlog_curl_status(handle, &status))
        return HTTPResponse(status: status, body: received.bytes)
    }

    private func set(_ option: CURLoption, _ text: String) throws(CurlFailure) {
        try CurlFailure.check(unsafe flightlog_curl_set_text(handle, option, text))
    }

    private func set(_ option: CURLoption, _ number: Int) throws(CurlFailure) {
        try CurlFailure.check(unsafe flightlog_curl_set_long(handle, option, number))
    }
}

/// The bytes of an answer as they come.
private final class Received {
    var bytes: [UInt8] = []
}
