internal import Journal
internal import Operations

/// What is told of sources and their journals.
struct SourceMetrics {
    private var state = MetricFamily(
        "flightlog_source_state",
        .gauge,
        "1 for the state that a source is in."
    )
    private var head = MetricFamily(
        "flightlog_source_head_timestamp_seconds",
        .gauge,
        "Timestamp of the newest time tick that was read of a source."
    )
    private var lag = MetricFamily(
        "flightlog_source_lag_seconds",
        .gauge,
        "How far the clock is ahead of what is durable of a source."
    )
    private var durable = MetricFamily(
        "flightlog_journal_durable_timestamp_seconds",
        .gauge,
        "Source timestamp up to which everything is in the journal, on disk."
    )
    private var start = MetricFamily(
        "flightlog_pitr_window_start_timestamp_seconds",
        .gauge,
        "The oldest moment that can be restored."
    )
    private var end = MetricFamily(
        "flightlog_pitr_window_end_timestamp_seconds",
        .gauge,
        "The newest moment that can be restored."
    )
    private var first = MetricFamily(
        "flightlog_journal_first_sequence",
        .gauge,
        "Number of the oldest entry of a journal."
    )
    private var last = MetricFamily(
        "flightlog_journal_last_sequence",
        .gauge,
        "Number of the newest entry of a journal."
    )
    private var segments = MetricFamily(
        "flightlog_journal_segments",
        .gauge,
        "Files of a journal."
    )
    private var bytes = MetricFamily(
        "flightlog_journal_bytes",
        .gauge,
        "What the files of a journal take."
    )
    private var free = MetricFamily(
        "flightlog_journal_disk_free_bytes",
        .gauge,
        "What is left on the disk of a journal."
    )
    private var gaps = MetricFamily(
        "flightlog_journal_gaps",
        .gauge,
        "Gaps in the history of collections that are there."
    )
    private var held = MetricFamily(
        "flightlog_source_held_bytes",
        .gauge,
        "Bytes of rows that were read and wait for their timestamp to be resolved."
    )
    private var transactions = MetricFamily(
        "flightlog_source_open_transactions",
        .gauge,
        "Transactions of a source that have begun and not ended."
    )
    private var discarded = MetricFamily(
        "flightlog_source_discarded_total",
        .counter,
        "What was read since reading began and does not belong into the journal, by reason."
    )
    private var records = MetricFamily(
        "flightlog_records_total",
        .counter,
        "Entries that became durable since the start, by kind."
    )
    private var rows = MetricFamily(
        "flightlog_rows_total",
        .counter,
        "Rows and keys that became durable since the start."
    )
    private var written = MetricFamily(
        "flightlog_journal_written_bytes_total",
        .counter,
        "Bytes that were written to a journal since the start."
    )
    private var syncs = MetricFamily(
        "flightlog_journal_fsync_duration_seconds",
        .histogram,
        "How long the disk took to make a journal's writes durable."
    )

    var families: [MetricFamily] {
        [
            state, head, lag, durable, start, end, first, last, segments, bytes, free, gaps,
            held, transactions, discarded, records, rows, written, syncs,
        ]
    }

    /// Adds a source; `now` is milliseconds since 1970.
    mutating func add(_ source: SourceRunner, now: Int64) {
        let labels = [MetricFamily.Label("source", source.plan.name)]
        let document = source.document(now: now)
        state.add(
            state: document.state.rawValue,
            of: SourceDocument.State.allCases.map(\.rawValue),
            labels
        )
        let newest = document.channels.map(\.head).max() ?? 0
        head.add(time: HybridTimestamp(rawValue: newest), labels)
        if let seconds = document.lagSeconds { lag.add(seconds, labels) }
        let resolved = HybridTimestamp(rawValue: document.resolved.tso)
        durable.add(time: resolved, labels)
        end.add(time: resolved, labels)
        last.add(Double(document.resolved.sequence), labels)
        gaps.add(Double(document.gaps.count), labels)
        if let reading = document.reading {
            held.add(Double(reading.heldBytes), labels)
            transactions.add(Double(reading.openTransactions), labels)
            for (reason, count) in reading.discarded.byReason {
                discarded.add(Double(count), labels + [.init("reason", reason)])
            }
        }
        if let journal = document.journal {
            start.add(time: HybridTimestamp(rawValue: journal.oldest.tso), labels)
            first.add(Double(journal.oldest.sequence), labels)
            segments.add(Double(journal.segments), labels)
            bytes.add(Double(journal.bytes), labels)
            free.add(Double(journal.diskFreeBytes), labels)
        }
        if let counts = source.journal?.counts {
            for kind in OperationKind.allCases {
                records.add(
                    Double(counts.entries[kind] ?? 0),
                    labels + [.init("op", kind.name)]
                )
            }
            rows.add(Double(counts.rows), labels)
        }
        let disk = source.disk.reading
        written.add(Double(disk.writtenBytes), labels)
        syncs.samples += disk.syncs.samples(labels)
    }
}
