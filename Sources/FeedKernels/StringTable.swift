// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Distinct byte strings in the order in which they were first seen, one after the other in memory.
package struct StringTable: Sendable {
    /// The most bytes that one table holds: offsets have 32 bits.
    package static let byteCountMax = Int(UInt32.max)

    private var arena: [UInt8] = []
    private var ends: [UInt32] = [0]

    /// An empty table.
    package init() {}

    /// How many strings there are.
    package var count: Int { ends.count - 1 }

    /// The bytes of a string.
    package subscript(id: UInt32) -> ArraySlice<UInt8> {
        arena[Int(ends[Int(id)])..<Int(ends[Int(id) + 1])]
    }

    /// A string as text.
    package func text(_ id: UInt32) -> String { String(decoding: self[id], as: UTF8.self) }

    /// Whether there is room for `byteCount` more bytes.
    func hasRoom(for byteCount: Int) -> Bool {
        arena.count + byteCount <= Self.byteCountMax && ends.count < Int(UInt32.max)
    }

    mutating func append(_ content: ArraySlice<UInt8>) {
        precondition(hasRoom(for: content.count))
        arena.append(contentsOf: content)
        ends.append(UInt32(arena.count))
    }

    mutating func reserve(count: Int, byteCount: Int) {
        ends.reserveCapacity(count + 1)
        arena.reserveCapacity(byteCount)
    }

    /// Whether string `id` has the content `bytes[start..<end]`.
    @inline(__always)
    func isEqual(_ id: UInt32, _ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let first = Int(ends[Int(id)])
        guard Int(ends[Int(id) + 1]) - first == end - start else { return false }
        var offset = 0
        while offset < end - start {
            if arena[first + offset] != bytes[start + offset] { return false }
            offset += 1
        }
        return true
    }

    /// The first eight bytes as a number that sorts like them.
    func prefix(_ id: UInt32) -> UInt64 {
        let first = Int(ends[Int(id)])
        let last = min(Int(ends[Int(id) + 1]), first + 8)
        var value: UInt64 = 0
        for index in first..<last { value = value << 8 | UInt64(arena[index]) }
        return value << UInt64(8 * (8 - (last - first)))
    }

    /// The position of each string among those marked, in order of their bytes.
    ///
    /// - Parameter isMarked: For each string, whether it takes part.
    /// - Returns: For each marked string its rank from 0, for others 0; and the ids by rank.
    /// - Complexity: O(n) for strings that differ in their first eight bytes, O(n log n) otherwise.
    package func ranks(where isMarked: [Bool]) -> (ranks: [UInt32], ids: [UInt32]) {
        precondition(isMarked.count == count)
        var ids: [UInt32] = []
        for id in 0..<UInt32(count) where isMarked[Int(id)] { ids.append(id) }
        var keys = ids.map(prefix)
        RadixSort.sort(&keys, with: &ids)
        var first = 0
        while first < ids.count {
            var last = first + 1
            while last < ids.count && keys[last] == keys[first] { last += 1 }
            if last - first > 1 {
                ids[first..<last].sort { self[$0].lexicographicallyPrecedes(self[$1]) }
            }
            first = last
        }
        var ranks = [UInt32](repeating: 0, count: count)
        for (rank, id) in ids.enumerated() { ranks[Int(id)] = UInt32(rank) }
        return (ranks, ids)
    }
}

/// Gives equal byte strings the same number, counting from 0 in order of first appearance.
package struct Interner: Sendable {
    /// The strings by number.
    package private(set) var table = StringTable()
    /// Open addressing; hash in the upper half, number + 1 in the lower, 0 where empty.
    private var slots: [UInt64]
    private var mask: Int

    /// Creates an interner.
    ///
    /// - Parameter expectedCount: About how many distinct strings will come.
    package init(expectedCount: Int = 1 << 12) {
        var capacity = 1 << 12
        while capacity < expectedCount * 2 { capacity <<= 1 }
        slots = [UInt64](repeating: 0, count: capacity)
        mask = capacity - 1
        table.reserve(count: expectedCount, byteCount: expectedCount * 8)
    }

    /// The number of `bytes[start..<end]`, of which `hash` is the ``CSVScanner/hash(_:)``.
    ///
    /// - Throws: `.tooManyIdentifiers` beyond 2^32 bytes or strings.
    @inline(__always)
    package mutating func intern(
        _ bytes: [UInt8],
        _ start: Int,
        _ end: Int,
        hash: UInt64
    ) throws(FeedKernelError) -> UInt32 {
        let tag = hash >> 32
        var slot = Int(tag) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { break }
            if entry >> 32 == tag {
                let id = UInt32(truncatingIfNeeded: entry) &- 1
                if table.isEqual(id, bytes, start, end) { return id }
            }
            slot = (slot + 1) & mask
        }
        guard table.hasRoom(for: end - start) else {
            throw .tooManyIdentifiers(limit: StringTable.byteCountMax)
        }
        let id = UInt32(table.count)
        table.append(bytes[start..<end])
        slots[slot] = tag << 32 | UInt64(id + 1)
        if table.count * 2 > slots.count { grow() }
        return id
    }

    /// The number of a string.
    package mutating func intern(_ text: String) throws(FeedKernelError) -> UInt32 {
        try intern(Array(text.utf8))
    }

    /// The number of a byte string.
    package mutating func intern(_ bytes: [UInt8]) throws(FeedKernelError) -> UInt32 {
        try intern(bytes, 0, bytes.count, hash: CSVScanner.hash(bytes))
    }

    private mutating func grow() {
        var grown = [UInt64](repeating: 0, count: slots.count * 2)
        mask = grown.count - 1
        for entry in slots where entry != 0 {
            var slot = Int(entry >> 32) & mask
            while grown[slot] != 0 { slot = (slot + 1) & mask }
            grown[slot] = entry
        }
        slots = grown
    }
}
