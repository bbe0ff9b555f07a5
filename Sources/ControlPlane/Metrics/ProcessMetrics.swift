internal import FoundationEssentials
internal import Glibc

/// What the operating system says of this process, under the names that every exporter uses.
///
/// Source: proc(5).
enum ProcessMetrics {
    /// Families of what can be read; nothing where there is no `/proc`.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let stat = text("/proc/self/stat") { families += fromStat(stat) }
        if let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            families.append(
                MetricFamily("process_open_fds", .gauge, "Open files.", Double(names.count))
            )
        }
        if let limits = text("/proc/self/limits"), let limit = openFilesMax(limits) {
            families.append(
                MetricFamily("process_max_fds", .gauge, "Files that may be open.", limit)
            )
        }
        return families
    }

    /// The fields behind the command's name, which may hold anything, a parenthesis included.
    private static func fromStat(_ text: String) -> [MetricFamily] {
        guard let end = text.lastIndex(of: ")") else { return [] }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        // proc(5) counts from 1 and the state is the third: utime 14, stime 15, starttime 22, vsize 23, rss 24.
        guard fields.count > 21 else { return [] }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        var families = [
            MetricFamily(
                "process_cpu_seconds_total",
                .counter,
                "Time on processors, by the user and the system.",
                (fields[11] + fields[12]) / ticks
            ),
            MetricFamily(
                "process_virtual_memory_bytes",
                .gauge,
                "Size of the address space.",
                fields[20]
            ),
            MetricFamily(
                "process_resident_memory_bytes",
                .gauge,
                "Memory that is held.",
                fields[21] * page
            ),
        ]
        if let boot = bootSeconds {
            families.append(
                MetricFamily(
                    "process_start_time_seconds",
                    .gauge,
                    "When the process began, in seconds since 1970.",
                    boot + fields[19] / ticks
                )
            )
        }
        return families
    }

    private static var bootSeconds: Double? {
        text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }

    private static func openFilesMax(_ limits: String) -> Double? {
        limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }?
            .split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
