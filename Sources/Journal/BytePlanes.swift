/// Takes numbers apart into planes of bytes of one significance, and puts them together again.
///
/// Plain loops over addresses, which the compiler turns into vector instructions: 4 GB/s apart, 6 together.
enum BytePlanes {
    /// Byte k of every number of the runs, sign rotated to the low end, for each k; `count` bytes each.
    static func split(
        _ raw: [UInt8],
        _ runs: [VectorRun],
        _ width: Int,
        _ count: Int
    ) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count * width) { planes, filled in
            unsafe raw.withUnsafeBytes { bytes in
                guard let from = bytes.baseAddress, let to = planes.baseAddress else { return }
                var place = 0
                for run in runs {
                    for plane in 0..<width {
                        unsafe split(from + run.offset, run, plane, to + plane * count + place)
                    }
                    place += run.count
                }
            }
            filled = count * width
        }
    }

    private static func split(
        _ numbers: UnsafeRawPointer,
        _ run: VectorRun,
        _ plane: Int,
        _ target: UnsafeMutablePointer<UInt8>
    ) {
        if run.width == 4 {
            let shift = UInt32(8 * plane)
            for index in 0..<run.count {
                let number = unsafe numbers.loadUnaligned(
                    fromByteOffset: index &* 4,
                    as: UInt32.self
                )
                let turned = number &<< 1 | number &>> 31
                unsafe target[index] = UInt8(truncatingIfNeeded: turned &>> shift)
            }
        } else {
            let shift = UInt16(8 * plane)
            for index in 0..<run.count {
                let number = unsafe numbers.loadUnaligned(
                    fromByteOffset: index &* 2,
                    as: UInt16.self
                )
                let turned = number &<< 1 | number &>> 15
                unsafe target[index] = UInt8(truncatingIfNeeded: turned &>> shift)
            }
        }
    }

    /// Puts the numbers of all runs back between the rest.
    static func join(
        _ rest: ArraySlice<UInt8>,
        _ runs: [VectorRun],
        _ planes: [Int: [ArraySlice<UInt8>]],
        _ rawBytes: Int
    ) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: rawBytes) { raw, filled in
            guard let base = raw.baseAddress else { return }
            let target = UnsafeMutableRawPointer(base)
            var restPlace = rest.startIndex
            var end = 0
            func copyRest(_ count: Int) {
                unsafe rest[restPlace..<restPlace + count].withUnsafeBytes { bytes in
                    guard let from = bytes.baseAddress else { return }
                    unsafe (target + end).copyMemory(from: from, byteCount: count)
                }
                restPlace += count
            }
            var places: [Int: Int] = [:]
            for run in runs {
                copyRest(run.offset - end)
                let place = places[run.width, default: 0]
                unsafe join(planes[run.width, default: []], run, place, target + run.offset)
                places[run.width] = place + run.count
                end = run.offset + run.byteCount
            }
            copyRest(rawBytes - end)
            filled = rawBytes
        }
    }

    private static func join(
        _ planes: [ArraySlice<UInt8>],
        _ run: VectorRun,
        _ place: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let own = planes.map { $0[($0.startIndex + place)..<($0.startIndex + place + run.count)] }
        if run.width == 4 {
            unsafe own[0].withUnsafeBytes { p0 in
                unsafe own[1].withUnsafeBytes { p1 in
                    unsafe own[2].withUnsafeBytes { p2 in
                        unsafe own[3].withUnsafeBytes { p3 in
                            unsafe join4(p0, p1, p2, p3, run.count, target)
                        }
                    }
                }
            }
        } else {
            unsafe own[0].withUnsafeBytes { p0 in
                unsafe own[1].withUnsafeBytes { p1 in unsafe join2(p0, p1, run.count, target) }
            }
        }
    }

    private static func join4(
        _ p0: UnsafeRawBufferPointer,
        _ p1: UnsafeRawBufferPointer,
        _ p2: UnsafeRawBufferPointer,
        _ p3: UnsafeRawBufferPointer,
        _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        guard let p0 = p0.baseAddress, let p1 = p1.baseAddress, let p2 = p2.baseAddress,
            let p3 = p3.baseAddress
        else { return }
        func byte(_ plane: UnsafeRawPointer, _ index: Int) -> UInt32 {
            UInt32(unsafe plane.load(fromByteOffset: index, as: UInt8.self))
        }
        for index in 0..<count {
            let low = unsafe byte(p0, index) | byte(p1, index) &<< 8
            let turned = unsafe low | byte(p2, index) &<< 16 | byte(p3, index) &<< 24
            let number = turned &>> 1 | turned &<< 31
            unsafe target.storeBytes(of: number, toByteOffset: index &* 4, as: UInt32.self)
        }
    }

    private static func join2(
        _ p0: UnsafeRawBufferPointer,
        _ p1: UnsafeRawBufferPointer,
        _ count: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        guard let p0 = p0.baseAddress, let p1 = p1.baseAddress else { return }
        for index in 0..<count {
            let low = unsafe UInt16(p0.load(fromByteOffset: index, as: UInt8.self))
            let high = unsafe UInt16(p1.load(fromByteOffset: index, as: UInt8.self))
            let turned = low | high &<< 8
            let number = turned &>> 1 | turned &<< 15
            unsafe target.storeBytes(of: number, toByteOffset: index &* 2, as: UInt16.self)
        }
    }
}
