internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Turns every error into a problem document, so that no answer is anything else.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    let logger: Logger
    /// Which methods each path takes.
    let methods: PathMethods

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // What follows on this connection cannot be told apart: the library answers 400 and closes it.
            throw error
        } catch {
            let allowed = methods.allowed(at: request.uri.path)
            let isUnknownMethod =
                (error as? HTTPError)?.status == .notFound && !allowed.isEmpty
            let problem =
                isUnknownMethod
                ? Problem(
                    .methodNotAllowed,
                    "This path takes \(allowed.joined(separator: ", "))."
                ) : Problem(error)
            if problem.code == .failed {
                logger.error(
                    "a request failed",
                    metadata: ["path": "\(request.uri.path)", "error": "\(error)"]
                )
            }
            var answer = JSONAnswer(
                document: problem,
                status: HTTPResponse.Status(code: problem.status),
                mediaType: Problem.mediaType
            )
            switch problem.code {
            case .unauthenticated: answer.headers[.wwwAuthenticate] = "Bearer"
            case .methodNotAllowed: answer.headers[.allow] = allowed.joined(separator: ", ")
            case .tooManyRequests: answer.headers[.retryAfter] = "1"
            // What is still to come of the request is not waited for.
            case .tooLarge, .timeout: answer.headers[.connection] = "close"
            default: break
            }
            return try answer.response(from: request, context: context)
        }
    }
}

extension Problem {
    static let mediaType = "application/problem+json"

    /// As it is sent.
    var bytes: [UInt8] { (try? JSONBytes.of(self)) ?? [] }

    /// What an error means to whoever asked.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case is NIOTooManyBytesError:
            self.init(
                .tooLarge,
                "The body is larger than \(Request.bodySizeMaxBytes >> 10) KiB."
            )
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "There is no such path.")
        case let error as HTTPError where error.status.kind == .clientError:
            self.init(.invalid, error.body ?? "The request cannot be understood.")
        default:
            let trouble = Trouble(error)
            self.init(Code(trouble.kind), trouble.message, hint: trouble.hint)
        }
    }
}

extension Problem.Code {
    fileprivate init(_ kind: Trouble.Kind) {
        self =
            switch kind {
            case .unavailable, .busy: .unavailable
            case .refused: .refused
            case .notFound: .notFound
            case .conflict: .conflict
            case .changed: .changed
            case .invalid, .configuration: .invalid
            case .notBuilt: .notBuilt
            case .gap, .corrupt, .inputOutput, .failed: .failed
            }
    }
}
