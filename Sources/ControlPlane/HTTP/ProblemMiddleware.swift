internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Turns every error into a problem document, so that no answer is anything else.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.code == .failed {
                logger.error(
                    "a request failed",
                    metadata: ["path": "\(request.uri.path)", "error": "\(error)"]
                )
            }
            let answer = JSONAnswer(
                document: problem,
                status: HTTPResponse.Status(code: problem.status),
                mediaType: "application/problem+json"
            )
            return try answer.response(from: request, context: context)
        }
    }
}

extension Problem {
    /// What an error means to whoever asked.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
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
            case .invalid, .configuration: .invalid
            case .notBuilt: .notBuilt
            case .gap, .corrupt, .inputOutput, .failed: .failed
            }
    }
}
