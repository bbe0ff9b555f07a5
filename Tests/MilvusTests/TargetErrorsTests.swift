import GRPCCore
import MilvusAPI
import Replay
import Testing

@testable import Milvus

struct TargetErrorsTests {
    private func status(
        _ code: Int32,
        _ old: Milvus_Proto_Common_ErrorCode = .unexpectedError,
        retriable: Bool = false
    ) -> Milvus_Proto_Common_Status {
        var status = Milvus_Proto_Common_Status()
        status.code = code
        status.errorCode = old
        status.retriable = retriable
        status.reason = "no\nway"
        return status
    }

    @Test func `either code being zero is not success`() {
        #expect(TargetErrors.code(of: status(0, .success)) == nil)
        #expect(TargetErrors.code(of: status(0)) == .rejected)
        #expect(TargetErrors.code(of: status(1100, .success)) == .rejected)
    }

    @Test(
        arguments: [
            (8, .transient), (100, .absent), (200, .absent), (700, .rejected), (800, .absent),
            (1100, .rejected), (1303, .rejected), (1400, .unauthorized), (1401, .forbidden),
            (10, .unsupported),
            (65535, .rejected),
        ] as [(Int32, TargetFailure.Code)]
    )
    func `codes mean what the table says`(code: Int32, meaning: TargetFailure.Code) {
        #expect(TargetErrors.code(of: status(code)) == meaning)
    }

    @Test func `old codes count where new ones say nothing`() {
        #expect(TargetErrors.code(of: status(0, .rateLimit)) == .transient)
        #expect(TargetErrors.code(of: status(1, .notReadyServe)) == .transient)
        // Milvus-lite's code for anything unexpected.
        #expect(TargetErrors.code(of: status(1)) == .rejected)
    }

    @Test func `what the server calls retriable is transient`() {
        #expect(TargetErrors.code(of: status(65535, retriable: true)) == .transient)
    }

    @Test func `gRPC's codes mean what the table says`() {
        func meaning(_ code: RPCError.Code, _ message: String = "") -> TargetFailure.Code {
            TargetErrors.code(of: RPCError(code: code, message: message))
        }
        #expect(meaning(.unavailable) == .transient)
        #expect(meaning(.deadlineExceeded) == .transient)
        #expect(meaning(.unauthenticated) == .unauthorized)
        #expect(meaning(.permissionDenied) == .forbidden)
        #expect(meaning(.unimplemented) == .unsupported)
        #expect(meaning(.unknown) == .rejected)
        #expect(meaning(.resourceExhausted) == .transient)
        #expect(meaning(.resourceExhausted, "received message larger than max") == .rejected)
    }

    @Test func `a failure says what was tried and what the server answered, in one line`() {
        let failure = status(1100).failure("create the collection a.b")
        #expect(failure?.message == "Cannot create the collection a.b: no way (Milvus code 1100).")
    }

    @Test(arguments: [
        ("v2.3.5-lite", "Milvus 2.3.5"), ("2.4.24", "Milvus 2.4.24"),
        ("v2.6.0-rc1", "Milvus 2.6.0"),
        ("milvus_lite-3.2.2", "milvus-lite 3.2.2"), ("", "Milvus 0.0.0"),
    ])
    func `a version is read from what servers answer`(text: String, product: String) {
        #expect(MilvusServer(versionText: text).description == product)
    }

    @Test func `upserts are misplaced up to 2 3 9`() {
        #expect(MilvusServer(versionText: "v2.3.9").misplacesUpserts)
        #expect(MilvusServer(versionText: "v2.3.10").misplacesUpserts == false)
        #expect(MilvusServer(versionText: "milvus_lite-1.0.0").misplacesUpserts == false)
    }
}
