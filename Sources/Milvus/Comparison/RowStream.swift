internal import Operations

/// Rows in the order of their keys.
struct RowPage {
    let keys: [PrimaryKeyValue]
    let columns: DecodedColumns
}

/// One row of a page.
struct RowOfPage {
    let key: PrimaryKeyValue
    let columns: DecodedColumns
    let index: Int
}

/// Where pages come from: a server, or a test.
protocol RowSource {
    /// The next rows, each key above all before; nil behind the last.
    mutating func next() async throws -> RowPage?
}

/// One row after another, in the order of keys; pages are fetched as they are needed.
struct RowStream<Source: RowSource> {
    private var pages: Source
    private var page: RowPage?
    private var index = 0

    /// The row at which the stream stands; nil at its end.
    private(set) var current: RowOfPage?

    init(_ pages: Source) async throws {
        self.pages = pages
        try await advance()
    }

    /// Goes to the next row.
    mutating func advance() async throws {
        if current != nil { index += 1 }
        while page == nil || index >= page?.keys.count ?? 0 {
            guard let next = try await pages.next() else {
                current = nil
                return
            }
            page = next
            index = 0
        }
        guard let page else { return }
        current = RowOfPage(key: page.keys[index], columns: page.columns, index: index)
    }
}
