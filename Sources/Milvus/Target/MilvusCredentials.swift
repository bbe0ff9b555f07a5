internal import FoundationEssentials

/// Who we are to a Milvus that asks for it; never printed.
package struct MilvusCredentials: Hashable, Sendable, CustomStringConvertible {
    /// The content of the metadata `authorization`.
    let authorization: String

    /// A token, such as an API key or `user:password`.
    package init(token: String) { authorization = Data(token.utf8).base64EncodedString() }

    /// A user and a password.
    package init(user: String, password: String) { self.init(token: "\(user):\(password)") }

    package var description: String { "(credentials)" }
}
