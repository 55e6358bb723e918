// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// Something that brings an account near to known ones.
///
/// Spec: `docs/spec/around.md`, section 6.
package struct AroundEvidence: Equatable, Sendable {
    /// Its number through all layers, its layer by place in the rule's, and what it is called.
    let number: UInt32
    package let layer: Int
    package let object: String
    /// What part of the account's nearness it brings, of all that it has.
    package let share: Double
    /// The known accounts that share it, by their places.
    package let known: [Int]
    /// How many accounts share it in all.
    package let accountCount: Int
    /// When the account shared it first and last.
    package let times: ClosedRange<Int64>
}

/// Finds what brings accounts near.
struct AroundEvidenceBook {
    private let graph: SharedGraph
    private let records: AroundRecords
    private let nearness: SharedGraph.Nearness
    /// The known accounts of each object that has any, ascending.
    private var known: [UInt32: [Int]] = [:]

    init(
        _ graph: SharedGraph,
        _ records: AroundRecords,
        _ starts: [Int],
        _ nearness: SharedGraph.Nearness
    ) {
        self.graph = graph
        self.records = records
        self.nearness = nearness
        for start in starts {
            for object in graph.objects(of: start) { known[object, default: []].append(start) }
        }
    }

    /// What can be said of an account that was found.
    func near(
        _ finding: NearnessChance.Finding,
        _ overall: Double
    ) -> AroundAnalysis.Near {
        var direct = [Int](repeating: 0, count: records.objects.count)
        var all: Set<Int> = []
        for object in graph.objects(of: finding.account) {
            guard let own = known[object] else { continue }
            direct[records.object(graph.objects[Int(object)]).layer] += 1
            all.formUnion(own)
        }
        return AroundAnalysis.Near(
            probability: finding.probability,
            falseShare: finding.falseShare,
            confidence: 1 - max(finding.falseShare, overall),
            evidence: evidence(for: finding.account),
            direct: direct,
            knownCount: all.count
        )
    }

    private func evidence(for account: Int) -> [AroundEvidence] {
        let parts = graph.contributions(to: account, in: nearness)
        var sum = 0.0
        for part in parts { sum += part }
        let listed = zip(graph.objects(of: account), parts).sorted { left, right in
            left.1 == right.1 ? left.0 < right.0 : left.1 > right.1
        }
        return listed.prefix(AroundRule.evidenceCount).filter { $0.1 > 0 }.compactMap {
            object,
            part in
            guard let times = graph.times(of: account, Int(object)) else { return nil }
            let number = graph.objects[Int(object)]
            let (layer, name) = records.object(number)
            return AroundEvidence(
                number: number,
                layer: layer,
                object: name,
                share: part / sum,
                known: (known[object] ?? []).map { Int(graph.accounts[$0]) },
                accountCount: graph.accountCount(of: Int(object)),
                times: times
            )
        }
    }
}

/// Accounts that are near by the same things.
package struct AroundCluster: Equatable, Sendable {
    /// Their places, ascending.
    package let accounts: [Int]
    /// What is evidence for any of them: how many things, and the layers, ascending.
    package let objectCount: Int
    package let layers: [Int]
    /// The known accounts that share most of these things, the most first, with how many.
    package let known: [Int]
    package let shared: [Int]
    /// When its accounts shared them first and last.
    package let times: ClosedRange<Int64>
    /// The least of its accounts' confidences.
    package let confidence: Double

    /// Accounts that have evidence in common, directly or by others; most accounts first, of equal
    /// ones the one whose first account comes first.
    static func all(of near: [(account: Int, near: AroundAnalysis.Near)]) -> [AroundCluster] {
        var groups: [[Int]] = []
        var group = Array(near.indices)
        var first: [UInt32: Int] = [:]
        func root(_ place: Int) -> Int {
            var current = place
            while group[current] != current { current = group[current] }
            return current
        }
        for (place, entry) in near.enumerated() {
            for evidence in entry.near.evidence {
                guard let known = first[evidence.number] else {
                    first[evidence.number] = place
                    continue
                }
                let roots = (root(known), root(place))
                group[max(roots.0, roots.1)] = min(roots.0, roots.1)
            }
        }
        var numbers: [Int: Int] = [:]
        for place in near.indices {
            let own = root(place)
            if let number = numbers[own] {
                groups[number].append(place)
            } else {
                numbers[own] = groups.count
                groups.append([place])
            }
        }
        return groups.compactMap { AroundCluster($0.map { near[$0] }) }
            .sorted { left, right in
                left.accounts.count == right.accounts.count
                    ? left.accounts[0] < right.accounts[0]
                    : left.accounts.count > right.accounts.count
            }
    }

    private init?(_ members: [(account: Int, near: AroundAnalysis.Near)]) {
        let evidence = members.flatMap(\.near.evidence)
        guard let first = evidence.map(\.times.lowerBound).min(),
            let last = evidence.map(\.times.upperBound).max(),
            let confidence = members.map(\.near.confidence).min()
        else { return nil }
        var objects: [UInt32: AroundEvidence] = [:]
        for each in evidence { objects[each.number] = each }
        var counts: [Int: Int] = [:]
        for object in objects.values {
            for account in object.known { counts[account, default: 0] += 1 }
        }
        let known = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(AroundRule.namedCountMax)
        accounts = members.map(\.account)
        objectCount = objects.count
        layers = Set(objects.values.map(\.layer)).sorted()
        self.known = known.map(\.key)
        shared = known.map(\.value)
        times = first...last
        self.confidence = confidence
    }
}
