// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A walk over what accounts share that comes back to where it started.
///
/// Eight walks go side by side, each in the same order of sums as if it were alone. Spec:
/// `docs/spec/around.md`, section 3.
struct RestartWalk {
    typealias Lanes = SIMD8<Double>

    /// How many go side by side.
    static let laneCount = 8
    /// How many steps; what is not there after them is less than a third of a hundredth.
    static let stepCount = 16
    /// The part of each step that begins anew, and the part that goes on.
    static let restart = 0.3
    static let onward = 0.7

    /// Where the walks are, by account.
    private(set) var accounts: [Lanes]
    /// What each object gave to each of its accounts in the last step, and what each account had
    /// given to each of its objects.
    private(set) var given: [Lanes]
    private(set) var sent: [Lanes]

    /// Walks.
    ///
    /// - Parameters:
    ///   - graph: Where.
    ///   - starts: For each lane the accounts at which it starts, not none.
    init(_ graph: SharedGraph, from starts: [[Int]]) {
        precondition(starts.count <= Self.laneCount)
        let count = graph.accounts.count
        var restarts = [Lanes](repeating: .zero, count: count)
        for (lane, own) in starts.enumerated() {
            for account in own { restarts[account][lane] = 1 / Double(own.count) }
        }
        accounts = restarts
        for account in 0..<count { restarts[account] *= Self.restart }
        given = [Lanes](repeating: .zero, count: graph.objects.count)
        sent = [Lanes](repeating: .zero, count: count)
        for _ in 0..<Self.stepCount { step(graph, restarts) }
    }

    private mutating func step(_ graph: SharedGraph, _ restarts: [Lanes]) {
        for account in 0..<accounts.count {
            sent[account] = accounts[account] / Double(graph.objectCount(of: account))
        }
        for object in 0..<given.count {
            var sum = Lanes.zero
            for account in graph.accounts(of: object) { sum += sent[Int(account)] }
            given[object] = sum / Double(graph.accountCount(of: object))
        }
        for account in 0..<accounts.count {
            var sum = Lanes.zero
            for object in graph.objects(of: account) { sum += given[Int(object)] }
            accounts[account] = restarts[account] + Self.onward * sum
        }
    }

    /// How near each account is.
    ///
    /// What others handed to it in the last step, without the moment that brought most, over what
    /// popularity alone would bring: no single post makes anybody near.
    func scores(_ graph: SharedGraph) -> [Lanes] {
        var parts: [Lanes] = []
        return graph.accounts.indices.map { account in
            parts.removeAll(keepingCapacity: true)
            for _ in 0..<graph.momentCount(of: account) { parts.append(.zero) }
            for (object, moment) in zip(graph.objects(of: account), graph.moments(of: account)) {
                let own = sent[account] / Double(graph.accountCount(of: Int(object)))
                parts[Int(moment)] += given[Int(object)] - own
            }
            var (sum, most) = (Lanes.zero, Lanes.zero)
            for part in parts {
                sum += part
                most = pointwiseMax(most, part)
            }
            return (sum - most) / graph.popularity(of: account)
        }
    }
}

extension SharedGraph {
    /// How near accounts are to others.
    package struct Nearness: Sendable {
        /// By account, as ``RestartWalk/scores(_:)`` has them.
        package let scores: [Double]
        fileprivate let given: [Double]
        fileprivate let sent: [Double]
    }

    /// How near all accounts are to some, not none.
    package func nearness(to starts: [Int]) -> Nearness {
        let walk = RestartWalk(self, from: [starts])
        return Nearness(
            scores: walk.scores(self).map { $0[0] },
            given: walk.given.map { $0[0] },
            sent: walk.sent.map { $0[0] }
        )
    }

    /// What each object of an account brought to it in the last step, its own share taken off.
    ///
    /// - Returns: In order of ``objects(of:)``.
    package func contributions(to account: Int, in nearness: Nearness) -> [Double] {
        objects(of: account).map { object in
            let own = nearness.sent[account] / Double(accountCount(of: Int(object)))
            return nearness.given[Int(object)] - own
        }
    }

    /// The share that an account has of all ties, and one over all accounts: nobody is near for
    /// sharing much, nor for sharing next to nothing.
    func popularity(of account: Int) -> Double {
        Double(objectCount(of: account)) / Double(tieCount) + 1 / Double(accounts.count)
    }
}
