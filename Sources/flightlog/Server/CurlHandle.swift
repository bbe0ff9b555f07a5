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
        try prepare(url, authorities)
        try set(CURLOPT_CUSTOMREQUEST, method)
        try set(CURLOPT_TIMEOUT_MS, Int(timeout / .milliseconds(1)))
        // Copies the text, so nothing of ours has to outlive the call.
        if let body { try set(CURLOPT_COPYPOSTFIELDS, body) }
        let received = Received(lengthMax: .max)
        return HTTPResponse(status: try perform(received), body: received.bytes)
    }

    /// Asks for something that may have no end, and hands on each piece of it as it comes.
    ///
    /// A peer that vanishes without a word is found out by the system, after a minute or two.
    ///
    /// - Returns: The status and the beginning of what came, once the server ends it.
    /// - Throws: `CurlFailure` as `send` does, also where the answer is cut short; what `take` throws.
    mutating func follow(
        _ url: String,
        authorities: String? = nil,
        connectTimeout: Duration,
        _ take: @escaping ([UInt8]) throws -> Void
    ) throws -> HTTPResponse {
        try prepare(url, authorities)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeout / .milliseconds(1)))
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        let received = Received(lengthMax: 64 << 10, take)
        do {
            return HTTPResponse(status: try perform(received), body: received.bytes)
        } catch {
            throw received.failure ?? (error as any Error)
        }
    }

    private func prepare(_ url: String, _ authorities: String?) throws(CurlFailure) {
        try set(CURLOPT_URL, url)
        // Without these, a server's answer could make libcurl read files or speak other protocols.
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_NOSIGNAL, 1)
        // The certificate and its name are checked, whatever libcurl was built to do.
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities { try set(CURLOPT_CAINFO, authorities) }
        try CurlFailure.check(
            unsafe flightlog_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        )
    }

    /// Does the exchange and returns the answer's status; what came is in `received`.
    private func perform(_ received: Received) throws(CurlFailure) -> Int {
        let context = unsafe Unmanaged.passUnretained(received)
        try CurlFailure.check(
            unsafe flightlog_curl_set_writer(
                handle,
                { bytes, size, count, context in
                    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                    let raw = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                    let received = unsafe Unmanaged<Received>.fromOpaque(context)
                        .takeUnretainedValue()
                    // Any other number than what came ends the exchange.
                    return received.add(unsafe [UInt8](raw)) ? size * count : 0
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
        return status
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
    /// As many as are kept, from the beginning.
    private(set) var bytes: [UInt8] = []
    /// Why no more was wanted.
    private(set) var failure: (any Error)?
    private let lengthMax: Int
    private let take: (([UInt8]) throws -> Void)?

    init(lengthMax: Int, _ take: (([UInt8]) throws -> Void)? = nil) {
        self.lengthMax = lengthMax
        self.take = take
    }

    /// Takes a piece; false where no more is wanted.
    func add(_ piece: [UInt8]) -> Bool {
        bytes += piece.prefix(lengthMax - bytes.count)
        do {
            try take?(piece)
            return true
        } catch {
            failure = error
            return false
        }
    }
}
