// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Accounts that can stand for one another: as active, and interested in the same.
///
/// Spec: `docs/spec/around.md`, section 4.
extension SharedGraph {
    /// Fewest accounts of a cell, where there are so many, and of a popular object.
    static let cellCountMin = 50
    /// Fewest accounts of a community.
    static let communityCountMin = 100
    /// How often interests are made even.
    static let roundCount = 8

    /// The cells, each with its accounts in ascending order.
    package func cells() -> [[Int]] {
        let interests = interests()
        var sizes = [Int](repeating: 0, count: objects.count)
        for interest in interests { if let interest { sizes[interest] += 1 } }
        // What few are interested in is no community; they stand with those who have none.
        var numbers: [Int: Int] = [:]
        for (interest, size) in sizes.enumerated() where size >= Self.communityCountMin {
            numbers[interest] = numbers.count
        }
        var communities = [[Int]](repeating: [], count: numbers.count)
        var others: [Int] = []
        for account in accounts.indices {
            if let number = interests[account].flatMap({ numbers[$0] }) {
                communities[number].append(account)
            } else {
                others.append(account)
            }
        }
        // A few who are left over could be the very ones that are asked about.
        let largest = communities.indices.max {
            (communities[$0].count, $1) < (communities[$1].count, $0)
        }
        if let largest, others.count < Self.communityCountMin {
            communities[largest] += others
        } else {
            communities.append(others)
        }
        return communities.flatMap { bands(of: $0) }
    }

    /// Accounts by how many objects they have: 1, 2 to 3, 4 to 7, …, where there are enough.
    private func bands(of members: [Int]) -> [[Int]] {
        var classes = [[Int]](repeating: [], count: 32)
        for account in members {
            let count = UInt32(objectCount(of: account))
            classes[31 - count.leadingZeroBitCount].append(account)
        }
        var bands: [[Int]] = []
        var band: [Int] = []
        for own in classes {
            band += own
            guard band.count >= Self.cellCountMin else { continue }
            bands.append(band)
            band = []
        }
        if !bands.isEmpty {
            bands[bands.count - 1] += band
        } else if !band.isEmpty {
            bands.append(band)
        }
        return bands.map { $0.sorted() }
    }

    /// From how many accounts on an object is popular.
    private var popularCountMin: Int {
        var root = 0
        while (root + 1) * (root + 1) <= accounts.count { root += 1 }
        return max(Self.cellCountMin, root)
    }

    /// For each account what most of the popular things that it shares have in common: labels that
    /// accounts and popular objects hand each other.
    private func interests() -> [Int?] {
        let least = popularCountMin
        let popular = objects.indices.filter { accountCount(of: $0) >= least }
        var labels = [Int?](repeating: nil, count: objects.count)
        for object in popular { labels[object] = object }
        var own = [Int?](repeating: nil, count: accounts.count)
        var votes = Votes(count: objects.count)
        for round in 0...Self.roundCount {
            for account in accounts.indices {
                own[account] = votes.winner(objects(of: account).lazy.map { labels[Int($0)] })
            }
            if round == Self.roundCount { break }
            for object in popular {
                labels[object] = votes.winner(accounts(of: object).lazy.map { own[Int($0)] })
            }
        }
        return own
    }
}

/// Counts labels.
private struct Votes {
    private var counts: [Int32]
    private var seen: [Int] = []

    init(count: Int) { counts = [Int32](repeating: 0, count: count) }

    /// The label that is there most often, of several the least; `nil` if there is none.
    mutating func winner(_ labels: some Sequence<Int?>) -> Int? {
        for label in labels {
            guard let label else { continue }
            if counts[label] == 0 { seen.append(label) }
            counts[label] += 1
        }
        var best: Int?
        for label in seen {
            if let known = best {
                let isMore = counts[label] > counts[known]
                if isMore || counts[label] == counts[known] && label < known { best = label }
            } else {
                best = label
            }
        }
        for label in seen { counts[label] = 0 }
        seen.removeAll(keepingCapacity: true)
        return best
    }
}
