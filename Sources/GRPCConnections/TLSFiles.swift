internal import GRPCNIOTransportHTTP2Posix

/// The files, all PEM, and the name that an encrypted connection is checked with.
package struct TLSFiles: Hashable, Sendable {
    /// The authorities to trust; nil means those of the system.
    package var authorities: String?
    /// Our own certificate chain, where the server asks for one.
    package var certificate: String?
    /// The private key of our certificate.
    package var key: String?
    /// The name to check the server's certificate for, where it is not the host of the address.
    package var serverName: String?

    package init(
        authorities: String? = nil,
        certificate: String? = nil,
        key: String? = nil,
        serverName: String? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
    }

    /// The transport's settings that these files stand for.
    ///
    /// - Throws: `ConnectionError` with code `badCertificates` where one of certificate and key is missing.
    func transportSecurity() throws(ConnectionError)
        -> HTTP2ClientTransport.Posix.TransportSecurity
    {
        var tls = HTTP2ClientTransport.Posix.TransportSecurity.TLS.defaults
        if let authorities {
            tls.trustRoots = .certificates([.file(path: authorities, format: .pem)])
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            tls.certificateChain = [.file(path: certificate, format: .pem)]
            tls.privateKey = .file(path: key, format: .pem)
        default:
            throw ConnectionError(
                code: .badCertificates,
                message: "A client certificate and its key go together"
            )
        }
        return .tls(tls)
    }
}
