/// Finds the key that someone meant.
enum NearestKey {
    /// The candidate with the smallest edit distance; the first one of equals, nil if there are none.
    static func nearest(to key: String, of candidates: [String]) -> String? {
        candidates.min { distance(key, $0) < distance(key, $1) }
    }

    /// How many insertions, deletions, replacements and swaps of neighbours turn one text into the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased())
        let right = Array(right.lowercased())
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = last[column] + (character == other ? 0 : 1)
                best = min(best, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
