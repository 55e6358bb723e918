// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which accounts and things are compared by their cosine, and which edges are declared.
///
/// The rule is that of Luceri et al. 2024, with the edges of Pacheco et al. 2021 (case study 4).
///
/// Spec: `docs/spec/similarity.md`, section 1.
package struct CosineRule: Equatable, Sendable {
    /// Accounts with fewer shares are left out.
    package let minimumParticipation: Int
    /// An edge is declared if its similarity is at least this quantile of all; not asked for if
    /// accounts are pruned by centrality instead.
    package let edgeWeightQuantile: Double
    /// Edges of less similarity are left out.
    package let minimumSimilarity: Double
    /// Things that more accounts shared are left out.
    package let sharerCountMax: Int?
    /// Accounts under this percentile of centrality are pruned.
    package let pruneBelow: Double?
    /// The most edges that are held at once, at 24 bytes each.
    package let edgeCountMax: Int
    /// The most pairs of sharers, summed over things, that are looked at.
    package let productCountMax: Int

    /// Creates a rule.
    ///
    /// - Throws: `.parameterOutOfRange` with the parameter's name on the command line.
    package init(
        minimumParticipation: Int = 20,
        edgeWeightQuantile: Double? = nil,
        minimumSimilarity: Double = 0,
        sharerCountMax: Int? = nil,
        pruneBelow: Double? = nil,
        edgeCountMax: Int = 1 << 24,
        productCountMax: Int = 40_000_000_000
    ) throws(FeedKernelError) {
        guard (1...Int(UInt32.max)).contains(minimumParticipation) else {
            throw .parameterOutOfRange("min-participation")
        }
        // What is compared with NaN is not in any range.
        let quantile = edgeWeightQuantile ?? (pruneBelow == nil ? 0.995 : 0)
        guard (0...1).contains(quantile) else { throw .parameterOutOfRange("edge-weight") }
        guard (0...1).contains(minimumSimilarity) else {
            throw .parameterOutOfRange("min-similarity")
        }
        guard (2...Int(UInt32.max)).contains(sharerCountMax ?? 2) else {
            throw .parameterOutOfRange("max-sharers")
        }
        guard (0...100).contains(pruneBelow ?? 0) else {
            throw .parameterOutOfRange("prune-below")
        }
        self.minimumParticipation = minimumParticipation
        self.edgeWeightQuantile = quantile
        self.minimumSimilarity = minimumSimilarity
        self.sharerCountMax = sharerCountMax
        self.pruneBelow = pruneBelow
        self.edgeCountMax = edgeCountMax
        self.productCountMax = productCountMax
    }
}

/// Two accounts that share some of the same things.
package struct CosineEdge: Equatable, Sendable {
    /// The account whose identifier comes first in byte order.
    package let from: UInt32
    /// The other one.
    package let to: UInt32
    /// How many things both shared.
    package let commonCount: UInt32
    /// The cosine of their vectors, above 0 and at most 1.
    package let similarity: Double
}
