internal import Milvus

/// Records as they are given to a source: for each row a list of objects, made of the lists of their fields, which is
/// what the log holds.
enum ShownRecords {
    /// The members of a row, with those of records joined where the first of them stands.
    static func joined(_ members: [(String, JSON)]) -> [(String, JSON)] {
        var joined: [(String, JSON)] = []
        var fields: [String: [(String, JSON)]] = [:]
        for (name, value) in members {
            guard let column = StructColumn(name) else {
                joined.append((name, value))
                continue
            }
            if fields[column.records] == nil { joined.append((column.records, .null)) }
            fields[column.records, default: []].append((column.field, value))
        }
        return joined.map { name, value in (name, fields[name].map(records) ?? value) }
    }

    /// One object for each place in the lists; null where there is no list.
    private static func records(_ fields: [(String, JSON)]) -> JSON {
        var count = 0
        for case (_, .array(let values)) in fields { count = max(count, values.count) }
        if fields.allSatisfy({ if case .null = $0.1 { true } else { false } }) { return .null }
        return .array(
            (0..<count).map { index in
                .object(
                    fields.map { name, values in
                        guard case .array(let values) = values, index < values.count else {
                            return (name, .null)
                        }
                        return (name, values[index])
                    }
                )
            }
        )
    }
}
