// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// When two shares of one object count as a co-share, and when an edge counts as strong.
///
/// The rule is that of CooRTweet 2.1.3 (`detect_groups` and `generate_coordinated_network`).
package struct CoShareRule: Equatable, Sendable {
    /// The longest time that is asked for between two shares: ten years.
    package static let windowSecondsMax: Int64 = 315_360_000

    /// The most seconds between two shares of a pair.
    package let windowSeconds: Int64
    /// Accounts with fewer shares are left out, and so are pairs of which neither account has as
    /// many shares among the contents that occur in pairs.
    package let minimumParticipation: Int
    /// An edge is over the threshold if its weight exceeds this quantile of all weights.
    package let edgeWeightQuantile: Double
    /// The most pairs that are held at once, at 8 bytes each.
    package let pairCountMax: Int

    /// Creates a rule.
    ///
    /// - Throws: `.parameterOutOfRange` with the parameter's name on the command line.
    package init(
        windowSeconds: Int64 = 10,
        minimumParticipation: Int = 2,
        edgeWeightQuantile: Double = 0.5,
        pairCountMax: Int = 1 << 28
    ) throws(FeedKernelError) {
        guard (0...Self.windowSecondsMax).contains(windowSeconds) else {
            throw .parameterOutOfRange("window")
        }
        guard (1...Int(UInt32.max)).contains(minimumParticipation) else {
            throw .parameterOutOfRange("min-participation")
        }
        guard (0...1).contains(edgeWeightQuantile) else {
            throw .parameterOutOfRange("edge-weight")
        }
        self.windowSeconds = windowSeconds
        self.minimumParticipation = minimumParticipation
        self.edgeWeightQuantile = edgeWeightQuantile
        self.pairCountMax = pairCountMax
    }
}

/// Two shares of one object by different accounts, as row numbers of a ``ShareTable``.
package struct SharePair: Equatable, Sendable {
    /// The earlier share.
    ///
    /// Of two at the same time, the one whose account appears first in the input.
    package var older: UInt32
    /// The later share.
    package var newer: UInt32
}
