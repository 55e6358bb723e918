// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Clusters of sets of which most is the same, exactly.
///
/// Two sets are similar if their Jaccard index is 3/5 or more; clusters are the components of that.
/// Similar sets have one of their rarest elements in common (the prefix filter of Chaudhuri, Ganti
/// and Kaushik 2006), so that only those are looked up, and each candidate is then compared whole.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.5.
package struct SimilarSets: Sendable {
    /// Elements are pairs of numbers below this, so that a pair and its level fit in 64 bits.
    package static let numberLimit: UInt32 = 1 << 28
    private static let bucketCount = 1 << 22

    private var keys: [UInt64] = []
    private var starts: [Int] = [0]
    private var counts = [UInt32](repeating: 0, count: bucketCount)
    private let comparisonCountMax: Int

    /// Starts without sets.
    ///
    /// - Parameter comparisonCountMax: How much work is begun at most.
    package init(comparisonCountMax: Int = 20_000_000_000) {
        self.comparisonCountMax = comparisonCountMax
    }

    /// How many sets there are.
    package var count: Int { starts.count - 1 }

    /// Adds the set of neighbouring pairs in a list of numbers.
    package mutating func append(pairsOf numbers: [UInt32]) {
        let first = keys.count
        for index in numbers.indices.dropFirst() {
            keys.append(UInt64(numbers[index - 1]) << 28 | UInt64(numbers[index]))
        }
        keys[first...].sort()
        var end = first
        for index in first..<keys.count where end == first || keys[end - 1] != keys[index] {
            keys[end] = keys[index]
            counts[Self.bucket(keys[index])] += 1
            end += 1
        }
        keys.removeSubrange(end...)
        starts.append(end)
    }

    /// The clusters.
    ///
    /// - Returns: For each set the number of the first set of its cluster.
    /// - Throws: `.tooManyPairs` if more would have to be compared than allowed.
    package consuming func clusters() throws(FeedKernelError) -> [UInt32] {
        sortByRarity()
        var joined = DisjointSets(count: count)
        let distinct = joinEqual(&joined)
        try joinSimilar(distinct, &joined)
        return (0..<count).map { UInt32(joined.root($0)) }
    }

    private static func bucket(_ key: UInt64) -> Int {
        Int(((key << 8) &* 0x9e37_79b9_7f4a_7c15) >> 42)
    }

    /// Eight steps for each doubling of how often an element occurs at most.
    ///
    /// Any order of the elements gives the same clusters; this one gives them soon.
    private static func level(_ count: UInt32) -> UInt64 {
        let exponent = 31 - UInt64(count.leadingZeroBitCount)
        return exponent << 3 | ((UInt64(count) << 3) >> exponent & 7)
    }

    private mutating func sortByRarity() {
        for index in keys.indices {
            keys[index] |= Self.level(counts[Self.bucket(keys[index])]) << 56
        }
        for set in 0..<count { keys[starts[set]..<starts[set + 1]].sort() }
    }

    /// - Returns: The first of each group of equal sets.
    private func joinEqual(_ joined: inout DisjointSets) -> [UInt32] {
        var hashes = (0..<count).map { set in
            keys[starts[set]..<starts[set + 1]].reduce(UInt64(1)) { hash, key in
                (hash ^ key) &* 0x9e37_79b9_7f4a_7c15 ^ hash >> 29
            }
        }
        var order = Array(0..<UInt32(count))
        RadixSort.sort(&hashes, with: &order)
        var distinct: [UInt32] = []
        var runStart = 0
        for index in order.indices {
            if index > 0, hashes[index] != hashes[index - 1] { runStart = distinct.count }
            let set = order[index]
            if let same = distinct[runStart...].first(where: { isEqual($0, set) }) {
                joined.join(Int(same), Int(set))
            } else {
                distinct.append(set)
            }
        }
        return distinct
    }

    private func isEqual(_ left: UInt32, _ right: UInt32) -> Bool {
        let (left, right) = (Int(left), Int(right))
        return keys[starts[left]..<starts[left + 1]]
            .elementsEqual(keys[starts[right]..<starts[right + 1]])
    }

    private func size(_ set: UInt32) -> Int { starts[Int(set) + 1] - starts[Int(set)] }

    private func joinSimilar(
        _ distinct: [UInt32],
        _ joined: inout DisjointSets
    ) throws(FeedKernelError) {
        var sizes = distinct.map { UInt64(size($0)) }
        var order = distinct
        RadixSort.sort(&sizes, with: &order)
        var elements: [UInt64] = []
        var holders: [UInt32] = []
        for set in order {
            let start = starts[Int(set)]
            let length = size(set) - (3 * size(set) + 4) / 5 + 1
            // Level 0: nobody else has it.
            for key in keys[start..<start + min(length, size(set))] where key >> 56 > 0 {
                elements.append(key)
                holders.append(set)
            }
        }
        // Stable: within an element, smaller sets come first.
        RadixSort.sort(&elements, with: &holders)
        var work = 0
        var start = 0
        while start < elements.count {
            var end = start + 1
            while end < elements.count, elements[end] == elements[start] { end += 1 }
            if end - start > 1 {
                try join(holders[start..<end], sharing: elements[start], &joined, &work)
            }
            start = end
        }
    }

    private func join(
        _ sets: ArraySlice<UInt32>,
        sharing element: UInt64,
        _ joined: inout DisjointSets,
        _ work: inout Int
    ) throws(FeedKernelError) {
        var clusterCount = Set(sets.map { joined.root(Int($0)) }).count
        for index in sets.indices {
            if clusterCount == 1 { return }
            let set = sets[index]
            for other in sets[(index + 1)...] {
                guard 3 * size(other) <= 5 * size(set) else { break }
                work += 1
                guard joined.root(Int(set)) != joined.root(Int(other)),
                    areSimilar(set, other, first: element)
                else { continue }
                joined.join(Int(set), Int(other))
                clusterCount -= 1
            }
            guard work <= comparisonCountMax else {
                throw .tooManyPairs(limit: comparisonCountMax)
            }
        }
    }

    /// Whether two sets are similar; `false` as well if their first common element is another one,
    /// under which they are compared.
    private func areSimilar(_ left: UInt32, _ right: UInt32, first: UInt64) -> Bool {
        var (one, oneEnd) = (starts[Int(left)], starts[Int(left) + 1])
        var (two, twoEnd) = (starts[Int(right)], starts[Int(right) + 1])
        let needed = 3 * (size(left) + size(right))
        var common = 0
        while one < oneEnd, two < twoEnd {
            guard 8 * (common + min(oneEnd - one, twoEnd - two)) >= needed else { return false }
            if keys[one] == keys[two] {
                if common == 0, keys[one] != first { return false }
                common += 1
                one += 1
                two += 1
            } else if keys[one] < keys[two] {
                one += 1
            } else {
                two += 1
            }
        }
        return 8 * common >= needed
    }
}
