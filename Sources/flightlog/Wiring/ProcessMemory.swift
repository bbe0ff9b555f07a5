internal import CMalloc

/// How the process asks the system for memory.
enum ProcessMemory {
    /// How many heaps threads share.
    private static let heapCount: Int32 = 2
    /// Blocks above this are mapped on their own, in bytes: the most that glibc takes here.
    private static let mappedSizeMinBytes: Int32 = 32 << 20
    /// How much may be free at the end of a heap before it is given back, in bytes.
    private static let freeSizeMaxBytes: Int32 = 64 << 20

    /// Has what comes and goes use the same memory again.
    ///
    /// Frames and requests of megabytes come and go on many threads. Left alone, glibc keeps a heap for each
    /// thread and gives megabytes back as soon as they are free; the system then clears every page
    /// anew. Where all of them were given back at once, that was half of the processor time of a catch-up.
    /// Few heaps that keep what they have cost 12 MiB more at the most. An idle process keeps them too.
    static func keep() {
        _ = mallopt(M_ARENA_MAX, heapCount)
        _ = mallopt(M_MMAP_THRESHOLD, mappedSizeMinBytes)
        _ = mallopt(M_TRIM_THRESHOLD, freeSizeMaxBytes)
    }
}
