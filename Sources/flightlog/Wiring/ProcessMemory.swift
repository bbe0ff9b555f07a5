internal import CMalloc

/// How the process asks the system for memory.
enum ProcessMemory {
    /// Blocks above this are mapped on their own and given back as soon as they are free, in bytes.
    private static let mappedSizeMinBytes: Int32 = 512 << 10
    /// How many heaps threads share.
    private static let heapCount: Int32 = 2

    /// Keeps what the process holds close to what it uses.
    ///
    /// Frames and requests of megabytes come and go on many threads. Left alone, glibc raises the size
    /// from which it maps blocks up to 32 MiB and keeps a heap for each thread, so that freed megabytes
    /// stay: more than half of the resident memory during a catch-up.
    static func keepTight() {
        _ = mallopt(M_MMAP_THRESHOLD, mappedSizeMinBytes)
        _ = mallopt(M_ARENA_MAX, heapCount)
    }
}
