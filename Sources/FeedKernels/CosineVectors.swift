// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What each account shared, as a vector of length 1 over things: the number of its shares of each,
/// times the thing's weight, which is the greater the fewer shared it.
///
/// Spec: `docs/spec/similarity.md`, section 1.
struct CosineVectors: Sendable {
    /// The accounts in byte order of their identifiers.
    let accounts: [UInt32]
    /// For each account where its entries begin, and for the last where they end.
    private(set) var starts: [Int] = [0]
    /// The thing of each entry; in ascending order for each account.
    private(set) var objects: [UInt32] = []
    /// The value of each entry.
    private(set) var values: [Double] = []
    /// For each thing where its entries begin among the sharers, and for the last where they end.
    private(set) var sharerStarts: [Int]
    /// For each thing its accounts, ascending: places in ``accounts``.
    private(set) var sharers: [UInt32] = []
    /// The values of ``sharers``.
    private(set) var sharerValues: [Double] = []
    /// For each entry its place among ``sharers``.
    private(set) var places: [Int] = []

    init(of shares: ShareTable, by rule: CosineRule) {
        let (keys, ids, sharerCounts) = Self.counted(shares, rule)
        var accounts: [UInt32] = []
        for (key, count) in keys {
            let object = UInt32(truncatingIfNeeded: key)
            guard sharerCounts[Int(object)] > 0 else { continue }
            let account = ids[Int(key >> 32)]
            if accounts.last != account {
                accounts.append(account)
                starts.append(objects.count)
            }
            objects.append(object)
            values.append(Double(count))
            starts[starts.count - 1] = objects.count
        }
        self.accounts = accounts
        sharerStarts = [0]
        for count in sharerCounts { sharerStarts.append((sharerStarts.last ?? 0) + Int(count)) }
        weigh(sharerCounts)
        addSharers()
    }

    /// How often each account shared each thing, by rank and thing; the accounts by rank; and how
    /// many accounts shared a thing, 0 for those that do not count.
    private static func counted(
        _ shares: ShareTable,
        _ rule: CosineRule
    ) -> (keys: [(UInt64, UInt32)], ids: [UInt32], sharerCounts: [UInt32]) {
        var shareCounts = [Int](repeating: 0, count: shares.accounts.count)
        for row in 0..<shares.count where shares.isMatchable[row] {
            shareCounts[Int(shares.account[row])] += 1
        }
        let isActive = shareCounts.map { $0 >= rule.minimumParticipation }
        let (ranks, ids) = shares.accounts.ranks(where: isActive)
        var sorted: [UInt64] = []
        for row in 0..<shares.count
        where shares.isMatchable[row] && isActive[Int(shares.account[row])] {
            sorted.append(
                UInt64(ranks[Int(shares.account[row])]) << 32 | UInt64(shares.object[row])
            )
        }
        var unused = [UInt32](repeating: 0, count: sorted.count)
        RadixSort.sort(&sorted, with: &unused)
        var keys: [(UInt64, UInt32)] = []
        var sharerCounts = [UInt32](repeating: 0, count: shares.objects.count)
        for key in sorted {
            if let last = keys.last, last.0 == key {
                keys[keys.count - 1].1 += 1
            } else {
                keys.append((key, 1))
                sharerCounts[Int(UInt32(truncatingIfNeeded: key))] += 1
            }
        }
        let most = rule.sharerCountMax ?? Int(UInt32.max)
        return (keys, ids, sharerCounts.map { $0 >= 2 && Int($0) <= most ? $0 : 0 })
    }

    /// Turns counts into values: idf = ln((1 + n) / (1 + df)) + 1, then length 1.
    private mutating func weigh(_ sharerCounts: [UInt32]) {
        let all = Chance.logarithm(1 + accounts.count)
        let weights = sharerCounts.map { all - Chance.logarithm(1 + Int($0)) + 1 }
        for account in accounts.indices {
            var squares = 0.0
            for entry in starts[account]..<starts[account + 1] {
                values[entry] *= weights[Int(objects[entry])]
                squares += values[entry] * values[entry]
            }
            let length = squares.squareRoot()
            for entry in starts[account]..<starts[account + 1] { values[entry] /= length }
        }
    }

    private mutating func addSharers() {
        sharers = [UInt32](repeating: 0, count: objects.count)
        sharerValues = [Double](repeating: 0, count: objects.count)
        var ends = sharerStarts
        for account in accounts.indices {
            for entry in starts[account]..<starts[account + 1] {
                let place = ends[Int(objects[entry])]
                ends[Int(objects[entry])] += 1
                sharers[place] = UInt32(account)
                sharerValues[place] = values[entry]
                places.append(place)
            }
        }
    }

    /// Pairs of sharers, summed over things; `nil` if beyond 64 bits.
    var productCount: Int? {
        var sum = 0
        for object in 0..<(sharerStarts.count - 1) {
            let count = sharerStarts[object + 1] - sharerStarts[object]
            let (next, isOverflow) = sum.addingReportingOverflow(count * (count - 1) / 2)
            guard !isOverflow else { return nil }
            sum = next
        }
        return sum
    }

    /// Visits each pair of accounts with a thing in common once, in no order that matters.
    @inline(__always)
    func forEachPair(
        from rows: Range<Int>,
        _ visit: (_ row: Int, _ other: Int, _ similarity: Double, _ common: UInt32) -> Void
    ) {
        guard !rows.isEmpty else { return }
        var sums = [Double](repeating: 0, count: accounts.count)
        var counts = [UInt32](repeating: 0, count: accounts.count)
        var met: [UInt32] = []
        for row in rows {
            for entry in starts[row]..<starts[row + 1] {
                let value = values[entry]
                for place in (places[entry] + 1)..<sharerStarts[Int(objects[entry]) + 1] {
                    let other = Int(sharers[place])
                    if counts[other] == 0 { met.append(sharers[place]) }
                    counts[other] += 1
                    sums[other] += value * sharerValues[place]
                }
            }
            for other in met.map(Int.init) {
                visit(row, other, min(1, sums[other]), counts[other])
                (sums[other], counts[other]) = (0, 0)
            }
            met.removeAll(keepingCapacity: true)
        }
    }
}
