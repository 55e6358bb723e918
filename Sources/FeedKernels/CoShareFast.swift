// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The pairs of a shorter window among those of a longer one, and the network that they make by
/// themselves.
///
/// As in CooRTweet 2.1.3 (`flag_speed_share`, `fast_net = TRUE`).
package struct CoShareFast: Sendable {
    /// The most seconds between two shares of a fast pair.
    package let windowSeconds: Int64
    /// The network of the fast pairs; its threshold is a quantile of its own weights.
    package let network: CoShareEdges
    /// Which of the pairs are fast.
    let isFast: [Bool]
    private let placeOf: [UInt64: Int]

    /// Finds the fast pairs.
    ///
    /// - Throws: `.parameterOutOfRange` for a window that is not shorter than that of the pairs.
    /// - Complexity: O(p) for p pairs.
    package init(
        in found: CoSharePairs,
        windowSeconds: Int64,
        cores: Cores
    ) throws(FeedKernelError) {
        guard (0..<found.rule.windowSeconds).contains(windowSeconds) else {
            throw .parameterOutOfRange("fast")
        }
        self.windowSeconds = windowSeconds
        let isFast = found.isWithin(windowSeconds)
        let pairs = zip(found.pairs, isFast).filter(\.1).map(\.0)
        let network = CoShareEdges(of: CoSharePairs(pairs, of: found), cores: cores)
        let places = network.edges.enumerated().map { (Self.key($1), $0) }
        placeOf = Dictionary(places) { first, _ in first }
        self.isFast = isFast
        self.network = network
    }

    /// The fast part of an edge, if it has one.
    package func edge(of whole: CoShareEdge) -> CoShareEdge? {
        placeOf[Self.key(whole)].map { network.edges[$0] }
    }

    /// Whether the fast part of an edge is over the threshold.
    package func isStrong(_ whole: CoShareEdge) -> Bool {
        edge(of: whole).map(network.isStrong) ?? false
    }

    /// Accounts that strong fast edges join, and those that have any edge with one of them: whether
    /// each is of the former.
    ///
    /// CooRTweet's `subgraph = 3`.
    package func context(in whole: CoShareEdges) -> [UInt32: Bool] {
        var context: [UInt32: Bool] = [:]
        for edge in whole.edges where isStrong(edge) {
            context[edge.from] = true
            context[edge.to] = true
        }
        let fast = context
        for edge in whole.edges {
            if fast[edge.from] == true, context[edge.to] == nil { context[edge.to] = false }
            if fast[edge.to] == true, context[edge.from] == nil { context[edge.from] = false }
        }
        return context
    }

    private static func key(_ edge: CoShareEdge) -> UInt64 {
        UInt64(edge.from) << 32 | UInt64(edge.to)
    }
}

extension CoSharePairs {
    /// Which pairs are within a shorter window, where accounts have enough of such.
    ///
    /// A pair of the same two contents in another object goes with them.
    fileprivate func isWithin(_ seconds: Int64) -> [Bool] {
        let near = pairs.filter { delay($0) <= seconds }
        let isParticipating = Self.participatingContents(shares, [near], isKept, rule)
        func contents(_ pair: SharePair) -> (older: Int, newer: Int) {
            (Int(shares.content[Int(pair.older)]), Int(shares.content[Int(pair.newer)]))
        }
        func key(_ pair: SharePair) -> UInt64 {
            let (older, newer) = contents(pair)
            return UInt64(older) << 32 | UInt64(newer)
        }
        var keys: Set<UInt64> = []
        for pair in near {
            let (older, newer) = contents(pair)
            if isParticipating[older] || isParticipating[newer] { keys.insert(key(pair)) }
        }
        return pairs.map { keys.contains(key($0)) }
    }
}

/// What both networks say of one account, as CooRTweet's `account_stats` does.
struct FastAccountStatistics: Equatable, Sendable {
    /// The account.
    var account: UInt32
    /// Means over its edges: the delay of all pairs, of the fast ones, and both symmetry scores;
    /// `nil` where it has no such edge.
    var averages: [Double?]
    /// Distinct contents of the account in pairs.
    var contentCount: Int
}

extension CoShareEdges {
    /// Statistics of each account in the network with the fast part of its edges, in byte order of
    /// their identifiers.
    ///
    /// Edges that agree in all four measures count once.
    ///
    /// - Complexity: O(e log e) for e edges, and O(p) for p pairs.
    func accountStatistics(
        of found: CoSharePairs,
        _ fast: CoShareFast
    ) -> [FastAccountStatistics] {
        let none = -1.0
        var measures: [UInt32: [[Double]]] = [:]
        for edge in edges {
            let part = fast.edge(of: edge)
            let measure = [
                edge.averageDelay, part?.averageDelay ?? none, edge.symmetry,
                part?.symmetry ?? none,
            ]
            measures[edge.from, default: []].append(measure)
            measures[edge.to, default: []].append(measure)
        }
        let contents = pairedContents(of: found)
        var isPaired = [Bool](repeating: false, count: found.shares.accounts.count)
        for account in measures.keys { isPaired[Int(account)] = true }
        return found.shares.accounts.ranks(where: isPaired).ids.map { account in
            let distinct = Self.distinct(measures[account] ?? [])
            let averages = (0..<4).map { column -> Double? in
                let values = distinct.map { $0[column] }.filter { $0 != none }
                return values.isEmpty ? nil : Self.mean(values)
            }
            return FastAccountStatistics(
                account: account,
                averages: averages,
                contentCount: contents[Int(account)]
            )
        }
    }
}
