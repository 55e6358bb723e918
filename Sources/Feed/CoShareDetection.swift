// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
package import FeedKernels

/// Shares from a file or a dataset, with what names them.
package struct ShareInput: Sendable {
    /// The shares.
    package let shares: ShareTable
    /// SHA-256 of each file that they come from, in hexadecimal.
    package let digests: [String]
    /// Malformed records that were skipped.
    package let skippedCount: Int
    /// The first of them.
    package let faults: [CSVFault]
    /// How many shares the files have: more than here, where Spark gathered what matters.
    package let shareCount: Int
    /// The list of what may be shared together, and how many shares it took out.
    package let allowed: (digest: String, shareCount: Int)?

    /// Reads a CSV file in CooRTweet's columns.
    ///
    /// - Parameters:
    ///   - source: The file's bytes.
    ///   - byteCount: The file's size.
    ///   - isLenient: Whether malformed records are skipped and counted.
    ///   - cores: The cores to read with.
    /// - Throws: A ``FeedKernelError``, or what the source throws.
    package init(
        csv source: ByteSource,
        byteCount: Int,
        isLenient: Bool,
        cores: Cores
    ) throws {
        var hash = SHA256()
        var reader = ShareReader(
            cores: cores,
            isLenient: isLenient,
            expectedByteCount: byteCount
        )
        while true {
            let piece = try source()
            if piece.isEmpty { break }
            hash.update(piece)
            try reader.append(piece)
        }
        let result = try reader.finish()
        shares = result.shares
        digests = [Hex.encode(hash.finish())]
        skippedCount = result.skippedCount
        faults = result.faults
        shareCount = shares.count
        allowed = nil
    }

    /// Takes what Spark gathered from files.
    package init(
        gathered shares: ShareTable,
        of shareCount: Int,
        skippedCount: Int,
        digests: [String]
    ) {
        self.shares = shares
        self.shareCount = shareCount
        self.skippedCount = skippedCount
        self.digests = digests
        faults = []
        allowed = nil
    }

    /// Reads the shares of a dataset.
    package init(dataset: Dataset, of layer: ShareLayer = .object) throws {
        shares = try dataset.shares(of: layer)
        digests = try dataset.sources()
        skippedCount = 0
        faults = []
        shareCount = shares.count
        allowed = nil
    }

    /// Leaves out what a list allows.
    ///
    /// - Throws: `.tooManyIdentifiers`.
    package init(_ input: ShareInput, without list: AllowList) throws(FeedKernelError) {
        shares = try input.shares.without(list)
        digests = input.digests
        skippedCount = input.skippedCount
        faults = input.faults
        shareCount = input.shareCount
        allowed = (list.digest, input.shares.count - shares.count)
    }

    /// Some of the shares of an input.
    init(_ shares: ShareTable, of input: ShareInput) {
        self.shares = shares
        digests = input.digests
        skippedCount = 0
        faults = []
        shareCount = shares.count
        allowed = nil
    }

    /// What findings say of the data that they are from.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "sha256": .array(digests.map { .string($0) }),
            "shares": .integer(Int64(shareCount)),
            "skipped": .integer(Int64(skippedCount)),
        ]
        if let allowed {
            members["allowed"] = [
                "sha256": .string(allowed.digest), "shares": .integer(Int64(allowed.shareCount)),
            ]
        }
        return .object(members)
    }
}

/// What the co-share rule finds in shares.
package struct CoShareDetection: Sendable {
    /// The pairs.
    package let found: CoSharePairs
    /// The edges.
    package let network: CoShareEdges
    /// What is fast of it, if that was asked for.
    package let fast: CoShareFast?
    /// Connected components of the edges over the threshold; of the fast ones, if these were asked
    /// for.
    package let components: [CoShareNetwork]
    /// How many pairs there are.
    package let pairCount: Int
    private let input: ShareInput
    private let cores: Cores

    /// Detects.
    ///
    /// - Parameters:
    ///   - input: The shares.
    ///   - rule: When two shares meet.
    ///   - fastSeconds: A shorter window that is looked at besides.
    ///   - cores: The cores to work with.
    /// - Throws: `.tooManyPairs`, `.parameterOutOfRange`.
    package init(
        in input: ShareInput,
        by rule: CoShareRule,
        fastSeconds: Int64? = nil,
        cores: Cores
    ) throws(FeedKernelError) {
        let found = try CoSharePairs(of: input.shares, rule: rule, cores: cores)
        let network = CoShareEdges(of: found, cores: cores)
        var fast: CoShareFast?
        if let fastSeconds {
            fast = try CoShareFast(in: found, windowSeconds: fastSeconds, cores: cores)
        }
        self.init(found, network, fast, in: input, cores)
    }

    /// Detects in the shares that Spark gathered.
    ///
    /// - Throws: `.tooManyPairs`.
    package init(
        inGathered input: ShareInput,
        isParticipating: [Bool],
        by rule: CoShareRule,
        cores: Cores
    ) throws(FeedKernelError) {
        let found = try CoSharePairs(
            ofGathered: input.shares,
            isParticipating: isParticipating,
            rule: rule,
            cores: cores
        )
        self.init(found, CoShareEdges(of: found, cores: cores), nil, in: input, cores)
    }

    /// Takes edges that Spark counted.
    package init(
        counted edges: [CoShareEdge],
        in input: ShareInput,
        by rule: CoShareRule,
        cores: Cores
    ) {
        let found = CoSharePairs(countedIn: input.shares, rule: rule)
        self.init(found, CoShareEdges(counted: edges, rule: rule), nil, in: input, cores)
    }

    private init(
        _ found: CoSharePairs,
        _ network: CoShareEdges,
        _ fast: CoShareFast?,
        in input: ShareInput,
        _ cores: Cores
    ) {
        self.fast = fast
        self.found = found
        self.network = network
        self.input = input
        self.cores = cores
        components = (fast?.network ?? network).networks(of: input.shares)
        // Every pair is in one edge.
        pairCount = network.edges.reduce(0) { $0 + Int($1.weight) }
    }

    /// How many shares were looked at.
    package var shareCount: Int { input.shareCount }

    /// The tables as CSV.
    package var tables: CoShareTables {
        CoShareTables(found, network, fast: fast, cores: cores)
    }

    /// How many edges are over the threshold.
    package var strongEdgeCount: Int { network.edges.count(where: isStrong) }

    /// Whether an edge is over the threshold; its fast part, if that was asked for.
    package func isStrong(_ edge: CoShareEdge) -> Bool {
        fast?.isStrong(edge) ?? network.isStrong(edge)
    }

    /// The components with what they were made from and by which rule.
    package var json: JSONValue {
        let accounts = input.shares.accounts
        let list = components.enumerated().map { index, component -> JSONValue in
            [
                "accounts": .array(component.accounts.map { .string(accounts.text($0)) }),
                "edges": .integer(Int64(component.edgeCount)),
                "network": .integer(Int64(index + 1)),
                "weight": .integer(Int64(component.weight)),
                "weightMax": .integer(Int64(component.weightMax)),
            ]
        }
        var rule: [String: JSONValue] = [
            "edgeWeight": .string("\(found.rule.edgeWeightQuantile)"),
            "minParticipation": .integer(Int64(found.rule.minimumParticipation)),
            "name": "coortweet",
            "signal": "co-share",
            "threshold": .string("\(network.threshold)"),
            "windowSeconds": .integer(found.rule.windowSeconds),
        ]
        if let fast {
            rule["fastSeconds"] = .integer(fast.windowSeconds)
            rule["fastThreshold"] = .string("\(fast.network.threshold)")
        }
        return [
            "data": input.json,
            "edges": .integer(Int64(network.edges.count)),
            "networks": .array(list),
            "pairs": .integer(Int64(pairCount)),
            "rule": .object(rule),
            "strongEdges": .integer(Int64(strongEdgeCount)),
        ]
    }
}
