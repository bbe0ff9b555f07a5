internal import MilvusAPI
internal import Operations
internal import Replay
internal import SwiftProtobuf

/// All rows of a loaded collection in the order of their keys, page by page, but for the key 2^63−1.
///
/// That key Milvus counts and never returns (seen on 2.3.5), since its merge takes it for "no more keys".
///
/// A page is what stands behind the last key seen. Milvus answers `key > x` with a limit from every segment's
/// own first rows; where segments hold several rows of one key, merging them to the limit skips keys, and pages
/// lack rows (seen on Milvus 2.3.5: 2,101 of 3,001). With `reduce_stop_for_best` the merge stops where the
/// first segment ends, so nothing is skipped; pages are then shorter than the limit, or as many times longer as
/// there are segments. Hence the end is an empty page, and the limit follows the size of the pages.
struct RowPages: RowSource {
    /// What a page should weigh, in bytes of its serialized answer.
    static let pageSizeBytes = 4 << 20
    /// What one segment gives for a page, at first and at most; servers refuse more than 16,384.
    private static let limits = (first: 64, most: 8192)

    private let connection: MilvusConnection
    private let name: CollectionName
    private let key: PrimaryKey
    private let fields: [String]
    private let partitions: [String]
    private let moment: ReadingMoment
    private var last: PrimaryKeyValue?
    private var limit = RowPages.limits.first
    private var isOver = false

    /// Reads the named fields, to which the key's must belong, of some partitions, or of all if none is named.
    init(
        _ connection: MilvusConnection,
        of name: CollectionName,
        key: PrimaryKey,
        fields: [String],
        partitions: [String],
        at moment: ReadingMoment
    ) {
        self.connection = connection
        self.name = name
        self.key = key
        self.fields = fields
        self.partitions = partitions
        self.moment = moment
    }

    /// The next rows; nil behind the last.
    mutating func next() async throws -> RowPage? {
        guard isOver == false, let expression else { return nil }
        let doing = "read rows of \(name)"
        var request = Milvus_Proto_Milvus_QueryRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.expr = expression
        request.outputFields = fields
        request.partitionNames = partitions
        request.queryParams = [
            Property(key: "limit", value: String(limit)).pair,
            Property(key: "iterator", value: "True").pair,
            Property(key: "reduce_stop_for_best", value: "True").pair,
        ]
        moment.apply(to: &request)
        let asked = request
        let answer = try await Patience.reading {
            let answer: Milvus_Proto_Milvus_QueryResults = try await connection.call(
                Milvus_Proto_Milvus_MilvusService.Method.Query.descriptor,
                asked,
                database: name.database,
                deadline: MilvusConnection.rowsDeadline,
                doing: doing
            )
            try answer.status.check(doing)
            return answer
        }
        let page = try page(answer, doing)
        isOver = page.keys.isEmpty
        return isOver ? nil : page
    }

    /// Selects what is still to come; nil if nothing can.
    private var expression: String? {
        let field = key.field
        switch last {
        // An empty expression needs a limit, which milvus-lite then applies before it sorts.
        case nil: return key.kind == .int64 ? "\(field) < \(Int64.max)" : "\(field) >= \"\""
        case .int64(let number):
            // −2^63 cannot be written, so it is not `> number`.
            guard number < .max - 1 else { return nil }
            return "\(field) >= \(number + 1) and \(field) < \(Int64.max)"
        case .varchar(let text):
            let literal = KeyExpression.literal(.varchar(text))
            return "\(field) > \(String(decoding: literal, as: UTF8.self))"
        }
    }

    private mutating func page(
        _ answer: Milvus_Proto_Milvus_QueryResults,
        _ doing: String
    ) throws -> RowPage {
        func broken(_ reason: String) -> TargetFailure {
            TargetFailure(code: .rejected, message: "Cannot \(doing): \(reason).")
        }
        do {
            let columns = try DecodedColumns(answer.fieldsData)
            guard columns.rowCount > 0 else { return RowPage(keys: [], columns: columns) }
            guard let keys = columns[key.field]?.keys, keys.count == columns.rowCount else {
                throw broken("the answer lacks the keys")
            }
            // All that follows rests on this order.
            var before = last
            for key in keys {
                if let before, before >= key {
                    throw broken("the server returns \(key) behind \(before)")
                }
                before = key
            }
            last = before
            try follow(answer)
            return RowPage(keys: keys, columns: columns)
        } catch let failure as CodingFailure {
            throw broken("\(failure)")
        }
    }

    /// Sets the limit by what the last page weighed.
    private mutating func follow(_ answer: Milvus_Proto_Milvus_QueryResults) throws {
        let bytes: [UInt8] = try answer.serializedBytes()
        let wanted = limit * Self.pageSizeBytes / max(1, bytes.count)
        limit = min(max(1, min(wanted, limit * 4)), Self.limits.most)
    }
}

extension DecodedColumn {
    /// The values as keys; nil if they are none.
    var keys: [PrimaryKeyValue]? {
        switch values {
        case .integers(let numbers): numbers.map(PrimaryKeyValue.int64)
        case .texts(let texts): texts.map { .varchar(Array($0.utf8)) }
        default: nil
        }
    }
}
