import FoundationEssentials
import GRPCCore
import MilvusAPI
import Replay
import Testing

@testable import Milvus

/// `docs/ERRORS.md` says what the code does.
struct ErrorsPageTests {
    /// A row of the table of answers.
    private struct Row {
        let scope: TargetFailure.Scope
        let codes: Set<Int32>
        /// As Milvus writes them, in lower case.
        let oldCodes: Set<String>
        /// As gRPC writes them.
        let transportCodes: Set<String>
    }

    private func rows() throws -> [Row] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/ERRORS.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let table = try #require(text.split(separator: "\n## Which answer").last)
        let scopes: [String: TargetFailure.Scope] = [
            "transient": .passing, "entry, refused": .entry, "entry, skipped": .entry,
            "lane": .lane, "target": .target,
        ]
        return table.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map {
                $0.trimmingPrefix(while: \.isWhitespace)
            }
            guard cells.count >= 4, let scope = scopes[cells[0].trimmed] else { return nil }
            return Row(
                scope: scope,
                codes: Self.numbers(cells[1]),
                oldCodes: Set(cells[2].words.map { $0.lowercased() }),
                transportCodes: Set(cells[3].words.filter { $0.allSatisfy { !$0.isLowercase } })
            )
        }
    }

    /// Numbers and ranges such as `500–504`.
    private static func numbers(_ cell: Substring) -> Set<Int32> {
        var numbers: Set<Int32> = []
        for word in cell.split(whereSeparator: { !$0.isNumber && $0 != "–" }) {
            let ends = word.split(separator: "–").compactMap { Int32($0) }
            if let first = ends.first, let last = ends.last { numbers.formUnion(first...last) }
        }
        return numbers
    }

    @Test func `every code stands in the row of its class, and no row has another`() throws {
        let rows = try rows()
        #expect(rows.count == 5)
        for row in rows {
            for code in row.codes {
                var status = Milvus_Proto_Common_Status()
                status.code = code
                status.errorCode = .unexpectedError
                #expect(scope(status) == row.scope, "\(code)")
            }
        }
        let told = rows.reduce(into: Set<Int32>()) { $0.formUnion($1.codes) }
        for code in TargetErrors.codes.keys { #expect(told.contains(code), "\(code)") }
    }

    @Test func `every old code stands in the row of its class`() throws {
        let rows = try rows()
        for (code, meaning) in TargetErrors.oldCodes {
            let scope = TargetFailure(code: meaning, message: "").scope
            let row = rows.first { $0.oldCodes.contains("\(code)".lowercased()) }
            #expect(row?.scope == scope, "\(code)")
        }
        let told = rows.reduce(0) { $0 + $1.oldCodes.count }
        // "every other one" and "–" are words too.
        #expect(told >= TargetErrors.oldCodes.count)
    }

    @Test func `every gRPC code stands in the row of its class`() throws {
        let rows = try rows()
        for (code, meaning) in TargetErrors.transportCodes {
            let scope = TargetFailure(code: meaning, message: "").scope
            let row = rows.first { $0.transportCodes.contains(Self.name(code)) }
            #expect(row?.scope == scope, "\(code)")
        }
    }

    private func scope(_ status: Milvus_Proto_Common_Status) -> TargetFailure.Scope? {
        TargetErrors.code(of: status).map { TargetFailure(code: $0, message: "").scope }
    }

    /// The name of a code in gRPC's own words.
    private static func name(_ code: RPCError.Code) -> String {
        let names: [RPCError.Code: String] = [
            .unavailable: "UNAVAILABLE", .deadlineExceeded: "DEADLINE_EXCEEDED",
            .cancelled: "CANCELLED", .aborted: "ABORTED", .internalError: "INTERNAL",
            .dataLoss: "DATA_LOSS", .unauthenticated: "UNAUTHENTICATED",
            .permissionDenied: "PERMISSION_DENIED", .unimplemented: "UNIMPLEMENTED",
        ]
        return names[code] ?? "\(code)"
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = String(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    fileprivate var words: [String] {
        split(whereSeparator: { !$0.isLetter && $0 != "_" }).map(String.init)
    }
}
