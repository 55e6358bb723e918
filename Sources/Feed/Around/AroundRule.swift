// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What is asked about the surroundings of known accounts.
///
/// Spec: `docs/spec/around.md`.
package struct AroundRule: Equatable, Sendable {
    /// The share of wrong findings that is put up with.
    package var rate = 0.05
    /// How many sets of accounts are drawn by lot, and the seed of the lot.
    package var drawCount = 199
    package var seed: UInt64 = 0
    /// What accounts may have in common.
    package var layers = AroundRule.layers
    /// Later posts are left out.
    package var until = Int64.max

    /// The usual layers: what is shared on purpose.
    package static let layers: [ShareLayer] = [
        .object, .repost, .link, .domain, .hashtagSequence, .media, .text,
    ]
    /// The fewest and most sets.
    package static let drawCounts = 19...1999
    /// How sure the registry has to be that an account is of a designated network, in thousandths.
    static let confidenceMin = 800
    /// How many objects tell why an account is near, and how many accounts are named with each.
    static let evidenceCount = 5
    static let namedCountMax = 5

    /// The usual rule.
    package init() {}

    /// The rule as it is written beside findings.
    package var json: JSONValue {
        [
            "draws": .integer(Int64(drawCount)),
            "layers": .array(layers.map { .string($0.rawValue) }),
            "name": "around", "rate": .string("\(rate)"), "seed": .string("\(seed)"), "version": 1,
        ]
    }
}
