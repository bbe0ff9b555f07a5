package import GRPCCore

extension RPCError {
    /// Whether a connection came to nothing because one side does not accept the other's certificate.
    ///
    /// The transport reports this as `unavailable`, but trying again does not help. The words are those of
    /// swift-nio-ssl and of BoringSSL's verification errors and alerts.
    package var isCertificateFailure: Bool {
        guard code == .unavailable, let cause else { return false }
        let text = "\(cause)"
        return ["CERTIFICATE", "UNKNOWN_CA", "failedToValidateHostname"].contains {
            text.contains($0)
        }
    }
}
