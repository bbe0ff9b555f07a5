internal import MilvusAPI
internal import Operations

/// Compares the rows of one collection: how many there are, and each by its key.
struct CollectionRows {
    let source: CollectionFacts
    let target: CollectionFacts
    let sides: (source: ComparisonSide, target: ComparisonSide)
    let loads: Bool
    let progress: @Sendable (CollectionName, Int) -> Void

    private var subject: String { "\(source.name)" }

    func run(_ report: inout ComparisonReport) async throws {
        guard let key = source.primaryKey, let other = target.primaryKey,
            key.field == other.field, key.kind == other.kind
        else {
            return report.skip(subject, "its rows are not compared: its keys are not of one kind")
        }
        try await sides.source.reading(source, loads: loads) { here in
            try await sides.target.reading(target, loads: loads) { there in
                try await compare(here, there, key, &report)
            }
        }
    }

    private func compare(
        _ here: ComparisonSide.Readable,
        _ there: ComparisonSide.Readable,
        _ key: PrimaryKey,
        _ report: inout ComparisonReport
    ) async throws {
        for case .nothing(let reason) in [here, there] {
            return report.skip(subject, "its rows are not compared: \(reason)")
        }
        let readers = (
            try await RowReader(sides.source, source.name, key, fields),
            try await RowReader(sides.target, target.name, key, fields)
        )
        try await compareLastKey(readers, &report)
        for partitions in parts(here, there, &report) {
            try await compare(readers, partitions, &report)
        }
    }

    private func compare(
        _ readers: (source: RowReader, target: RowReader),
        _ partitions: [String],
        _ report: inout ComparisonReport
    ) async throws {
        var comparison = RowComparison(hasDynamicField: hasDynamicField)
        let (name, before) = (source.name, report.compared.rows)
        try await comparison.run(
            readers.source.pages(of: partitions),
            readers.target.pages(of: partitions),
            progress: { [progress] in progress(name, before + $0) }
        )
        report.compared.rows += comparison.rowCount
        let place = partitions.first.map { " (partition \($0))" } ?? ""
        report.check(subject + place, comparison.differences)

        let here = try await readers.source.census(partitions, read: comparison.readCount.source)
        let there = try await readers.target.census(partitions, read: comparison.readCount.target)
        for (census, role) in [(here, "source"), (there, "target")] where census.unread > 0 {
            report.skip(
                subject + place,
                "\(census.unread) rows are counted on the \(role) and not returned by queries"
            )
        }
        compareCounts(here.physical, there.physical, subject + place, &report)
    }

    /// Counts the rows of the key that is never returned.
    private func compareLastKey(
        _ readers: (source: RowReader, target: RowReader),
        _ report: inout ComparisonReport
    ) async throws {
        let here = try await readers.source.countOfLastKey()
        let there = try await readers.target.countOfLastKey()
        guard here > 0 || there > 0 else { return }
        compareCounts(here, there, subject + " (key \(Int64.max))", &report)
        report.skip(
            subject,
            "its row \(Int64.max) is counted only: Milvus does not return this key"
        )
    }

    /// Compares how many rows there are, several of one key included.
    private func compareCounts(
        _ here: Int,
        _ there: Int,
        _ subject: String,
        _ report: inout ComparisonReport
    ) {
        guard here != there else { return report.check(subject, []) }
        let sentence =
            "it holds \(here) rows on the source and \(there) on the target, those of one key each counted"
        // What keeping one row of each key loses shows in the rows themselves if it matters.
        if source.server.isLite != target.server.isLite {
            report.note(subject, sentence + "; milvus-lite keeps one for each key")
        } else {
            report.check(subject, [sentence])
        }
    }

    /// The fields that both sides have, the dynamic one included if both have it; those that a server computes from
    /// others it does not return.
    private var fields: [String] {
        let names = Set(target.schema.storedFields)
        let common = source.schema.storedFields.filter { names.contains($0) && $0 != "$meta" }
        return hasDynamicField ? common + [DecodedColumns.dynamicField] : common
    }

    private var hasDynamicField: Bool { source.hasDynamicField && target.hasDynamicField }

    /// What is compared at a time: the whole collection, or each partition, so that rows are also known to be in
    /// the same one.
    private func parts(
        _ here: ComparisonSide.Readable,
        _ there: ComparisonSide.Readable,
        _ report: inout ComparisonReport
    ) -> [[String]] {
        let isWhole = here == .all && there == .all
        let hasOne = source.partitions.count <= 1 && target.partitions.count <= 1
        if isWhole, hasOne || source.hasPartitionKey || target.hasPartitionKey { return [[]] }
        var common: [[String]] = []
        for partition in source.partitions where target.partitions.contains(partition) {
            let readers = [(here, "source"), (there, "target")].filter { readable, _ in
                guard case .partitions(let names) = readable else { return false }
                return names.contains(partition) == false
            }
            if let (_, role) = readers.first {
                report.skip(
                    subject,
                    "the rows of its partition \(partition) are not compared:"
                        + " it is not loaded on the \(role)"
                )
            } else {
                common.append([partition])
            }
        }
        return common
    }
}

extension Milvus_Proto_Schema_CollectionSchema {
    /// The names of the fields, and of those of records, that rows bring with them.
    fileprivate var storedFields: [String] {
        let computed = computedFields
        return fields.map(\.name).filter { computed.contains($0) == false }
            + structArrayFields.map(\.name)
    }
}
