// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which objects, as sets of words with one space between, have a Jaccard index of 9/10 or more,
/// exactly.
///
/// Similar sets have one of their rarest words in common (the prefix filter of Chaudhuri, Ganti
/// and Kaushik 2006). Spec: `docs/spec/feed-dataset.md`, section 3.7.
struct SimilarObjects: Sendable {
    /// The most comparisons that are made.
    static let comparisonCountMax = 20_000_000_000

    /// The other objects that each is similar to.
    private(set) var others: [[UInt32]]

    private var words: [UInt32] = []
    private var starts: [Int] = [0]

    init(of objects: StringTable) throws(FeedKernelError) {
        others = [[UInt32]](repeating: [], count: objects.count)
        var interner = Interner()
        for object in 0..<UInt32(objects.count) {
            for word in objects[object].split(separator: UInt8(ascii: " ")) {
                words.append(try interner.intern(Array(word)))
            }
            starts.append(words.count)
        }
        sortByRarity(wordCount: interner.table.count)
        try joinSimilar()
    }

    /// Numbers words by how few sets have them.
    private mutating func sortByRarity(wordCount: Int) {
        var counts = [UInt64](repeating: 0, count: wordCount)
        for word in words { counts[Int(word)] += 1 }
        var order = Array(0..<UInt32(wordCount))
        RadixSort.sort(&counts, with: &order)
        var ranks = [UInt32](repeating: 0, count: wordCount)
        for (rank, word) in order.enumerated() { ranks[Int(word)] = UInt32(rank) }
        for index in words.indices { words[index] = ranks[Int(words[index])] }
        for set in others.indices { words[starts[set]..<starts[set + 1]].sort() }
    }

    private func size(_ set: UInt32) -> Int { starts[Int(set) + 1] - starts[Int(set)] }

    private mutating func joinSimilar() throws(FeedKernelError) {
        var sizes = others.indices.map { UInt64(size(UInt32($0))) }
        var order = Array(0..<UInt32(others.count))
        RadixSort.sort(&sizes, with: &order)
        var keys: [UInt64] = []
        var holders: [UInt32] = []
        for set in order where size(set) > 0 {
            let length = size(set) - (9 * size(set) + 9) / 10 + 1
            for word in words[starts[Int(set)]..<starts[Int(set)] + length] {
                keys.append(UInt64(word))
                holders.append(set)
            }
        }
        // Stable: with one word, smaller sets come first.
        RadixSort.sort(&keys, with: &holders)
        var comparisonCount = 0
        var start = 0
        for index in keys.indices {
            if keys[index] != keys[start] { start = index }
            for other in holders[start..<index].reversed() {
                guard 10 * size(other) >= 9 * size(holders[index]) else { break }
                comparisonCount += 1
                if isSimilar(other, holders[index], first: UInt32(keys[index])) {
                    others[Int(other)].append(holders[index])
                    others[Int(holders[index])].append(other)
                }
            }
            guard comparisonCount <= Self.comparisonCountMax else {
                throw .tooManyPairs(limit: Self.comparisonCountMax)
            }
        }
    }

    /// Whether two sets are similar; `false` as well if their first common word is another one,
    /// under which they are compared.
    private func isSimilar(_ left: UInt32, _ right: UInt32, first: UInt32) -> Bool {
        var (one, oneEnd) = (starts[Int(left)], starts[Int(left) + 1])
        var (two, twoEnd) = (starts[Int(right)], starts[Int(right) + 1])
        // Common ≥ 9/10 (left + right − common).
        let needed = 9 * (size(left) + size(right))
        var common = 0
        while one < oneEnd, two < twoEnd {
            guard 19 * (common + min(oneEnd - one, twoEnd - two)) >= needed else { return false }
            if words[one] == words[two] {
                if common == 0, words[one] != first { return false }
                common += 1
                one += 1
                two += 1
            } else if words[one] < words[two] {
                one += 1
            } else {
                two += 1
            }
        }
        return 19 * common >= needed
    }
}
