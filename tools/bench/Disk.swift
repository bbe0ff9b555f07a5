import CChecksum
import FoundationEssentials
import Glibc

/// What the disk and the processor do without a journal.
struct Disk {
    private let path = "/tmp/flightlog-bench-\(getpid()).reference"

    /// Seconds for sixteen writes of 64 KiB and one fdatasync, until so many bytes are written.
    func groups(_ byteCount: Int) -> Double {
        let piece = [UInt8](repeating: 3, count: 64 << 10)
        return withFile { file in
            seconds {
                var offset = 0
                while offset < byteCount {
                    for _ in 0..<16 {
                        precondition(pwrite(file, piece, piece.count, offset) == piece.count)
                        offset += piece.count
                    }
                    precondition(fdatasync(file) == 0)
                }
            }
        }
    }

    /// Seconds for so many appends of 4 KiB with a fdatasync each.
    func smallSyncs(_ count: Int) -> Double {
        let piece = [UInt8](repeating: 3, count: 4096)
        return withFile { file in
            seconds {
                for index in 0..<count {
                    precondition(pwrite(file, piece, piece.count, index * 4096) == piece.count)
                    precondition(fdatasync(file) == 0)
                }
            }
        }
    }

    /// Seconds for reading a file in pieces of 1 MiB with the checksum of each.
    func readAndCheck(_ path: String) -> Double {
        let file = open(path, O_RDONLY)
        precondition(file >= 0)
        defer { close(file) }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var checksum: UInt32 = 0
        let time = seconds {
            var offset = 0
            while true {
                let count = pread(file, &piece, piece.count, offset)
                guard count > 0 else { return }
                checksum = flightlog_crc32c(checksum, piece, count)
                offset += count
            }
        }
        precondition(checksum != 1)
        return time
    }

    private func withFile(_ body: (Int32) -> Double) -> Double {
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0)
        defer {
            close(file)
            unlink(path)
        }
        return body(file)
    }
}
