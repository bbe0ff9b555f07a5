internal import MilvusAPI
internal import Operations
internal import SwiftProtobuf

/// Compares what two servers tell of one collection, but for its rows.
struct DefinitionComparison {
    let source: CollectionFacts
    let target: CollectionFacts

    private var subject: String { "\(source.name)" }

    /// Whether one of the two does some things in its own way.
    private var involvesLite: Bool { source.server.isLite || target.server.isLite }

    func run(_ report: inout ComparisonReport) {
        compareFields(&report)
        report.check(subject, settings(&report))
        report.check(subject, partitions(&report))
        report.check(subject, indexes(&report))
        compareAliases(&report)
        compareLoad(&report)
    }

    // MARK: Fields

    private func compareFields(_ report: inout ComparisonReport) {
        let isEmbedding = source.schema.embeddings.isEmpty == false
        let schema =
            isEmbedding && target.schema.embeddings.isEmpty
            ? source.schema.withoutEmbeddings : source.schema
        let wanted = CollectionShape(schema).withoutAutoID
        let found = CollectionShape(target.schema).withoutAutoID
        var differences = wanted.differences(from: found).map { "on the target, \($0)" }
        let there = Dictionary(
            target.schema.fields.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for field in source.schema.fields {
            guard let other = there[field.name] else { continue }
            differences += Self.details(field).differences(from: Self.details(other)).map {
                "of the field \(field.name), \($0)"
            }
        }
        differences += FunctionTexts.table(schema).differences(
            from: FunctionTexts.table(target.schema)
        )
        for function in source.schema.embeddings where target.schema.embeddings.isEmpty {
            report.note(
                subject,
                "its function \(function.name) is left out on the target, where"
                    + " \(function.outputFieldNames.joined(separator: ", ")) holds the source's values"
            )
        }
        switch (source.primaryKey?.isAutoID, target.primaryKey?.isAutoID) {
        case (true, false):
            report.note(subject, "its keys are made by the source and explicit on the target")
        case (false, true):
            differences.append("its keys are explicit on the source and made by the target")
        default: break
        }
        report.check(subject, differences)
    }

    /// What tunes a field and does not limit its values.
    private static func details(_ field: Milvus_Proto_Schema_FieldSchema) -> NamedTexts {
        var table = NamedTexts(
            field.typeParams.filter {
                ["dim", "max_length", "max_capacity"].contains($0.key) == false
            }
            .map { ($0.key, $0.value) }
        )
        table["description"] = field.description_p
        table["default value"] =
            field.defaultInstant?.text
            ?? (field.hasDefaultValue ? field.defaultValue.textFormatString() : "")
        table["clustering key"] = field.isClusteringKey ? "yes" : ""
        return table
    }

    // MARK: Settings

    private func settings(_ report: inout ComparisonReport) -> [String] {
        var wanted = NamedTexts(
            source.properties.filter { $0.key.hasPrefix("replicate.") == false }.map { $0 }
        )
        var found = NamedTexts(target.properties.map { $0 })
        wanted["description"] = source.schema.description_p
        found["description"] = target.schema.description_p
        var differences = wanted.differences(from: found)
        if involvesLite {
            if source.shards != target.shards {
                report.note(
                    subject,
                    "it has \(source.shards) shards on the source and \(target.shards) on the target;"
                        + " milvus-lite has one"
                )
            }
        } else {
            if source.shards != target.shards {
                differences.append(
                    "it has \(source.shards) shards on the source and \(target.shards) on the target"
                )
            }
            if source.consistency != target.consistency {
                differences.append(
                    "its consistency level is \(source.consistency) on the source and"
                        + " \(target.consistency) on the target"
                )
            }
        }
        return differences
    }

    // MARK: Partitions

    private func partitions(_ report: inout ComparisonReport) -> [String] {
        report.compared.partitions += source.partitions.count
        guard source.hasPartitionKey, target.hasPartitionKey else {
            return NamedTexts.names(source.partitions, target.partitions, "partition")
        }
        guard source.partitions.count != target.partitions.count else { return [] }
        let sentence =
            "its rows are spread over \(source.partitions.count) partitions on the source and"
            + " \(target.partitions.count) on the target"
        guard involvesLite == false else {
            report.note(subject, sentence)
            return []
        }
        return [sentence]
    }

    // MARK: Indexes

    private func indexes(_ report: inout ComparisonReport) -> [String] {
        report.compared.indexes += source.indexes.count
        var differences: [String] = []
        var rest = target.indexes
        for index in source.indexes {
            // Milvus-lite names an index after its field.
            let place =
                rest.firstIndex { $0.name == index.name && $0.field == index.field }
                ?? rest.firstIndex { involvesLite && $0.field == index.field }
            guard let place else {
                differences.append(
                    "its index \(index.name) on the field \(index.field) is missing on the target"
                )
                continue
            }
            let found = rest.remove(at: place)
            if found.name != index.name {
                report.note(
                    subject,
                    "its index \(index.name) is called \(found.name) on the target"
                )
            }
            differences += index.parameters.differences(from: found.parameters).map {
                "of its index \(index.name), on the target \($0)"
            }
        }
        for index in rest {
            differences.append(
                "its index \(index.name) on the field \(index.field) is on the target only"
            )
        }
        return differences
    }

    // MARK: Aliases and load state

    private func compareAliases(_ report: inout ComparisonReport) {
        guard source.aliases.isEmpty == false || target.aliases.isEmpty == false else { return }
        report.compared.aliases += source.aliases.count
        report.check(subject, NamedTexts.names(source.aliases, target.aliases, "alias"))
    }

    private func compareLoad(_ report: inout ComparisonReport) {
        guard source.load != target.load else { return report.check(subject, []) }
        let sentence =
            "it is \(Self.text(source.load)) on the source and \(Self.text(target.load)) on the target"
        // Milvus-lite loads whole collections, and those without an index always.
        if involvesLite, source.load != .none, target.load != .none {
            report.note(subject, sentence)
        } else if (target.server.isLite && target.indexes.isEmpty && target.load == .all)
            || (source.server.isLite && source.indexes.isEmpty && source.load == .all)
        {
            report.note(subject, sentence)
        } else {
            report.check(subject, [sentence])
        }
    }

    private static func text(_ load: CollectionFacts.Load) -> String {
        switch load {
        case .none: "not loaded"
        case .partial: "being loaded"
        case .all: "loaded"
        case .partitions(let names): "loaded in part (\(names.joined(separator: ", ")))"
        }
    }
}

/// What functions compute, as texts by name.
private enum FunctionTexts {
    static func table(_ schema: Milvus_Proto_Schema_CollectionSchema) -> NamedTexts {
        NamedTexts(
            schema.functions.map { function in
                let parameters = function.params.map { "\($0.key)=\($0.value)" }.sorted()
                let text =
                    "\(function.type) of \(function.inputFieldNames.joined(separator: ", "))"
                    + " in \(function.outputFieldNames.joined(separator: ", "))"
                return ("function \(function.name)", ([text] + parameters).joined(separator: ", "))
            }
        )
    }
}

extension CollectionShape {
    /// The shape, whoever makes the keys.
    var withoutAutoID: CollectionShape {
        var shape = self
        shape.ignoreAutoID()
        return shape
    }
}
