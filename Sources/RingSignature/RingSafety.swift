// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// How well a ring hides those who signed.
///
/// Spec: `docs/spec/ring-vouch.md`, section 6.
package enum RingSafety {
    /// The fewest members of a ring that signs in secret.
    package static let memberCountMin = 12
    /// Of how many members at most one may have vouched for a subject.
    package static let membersForOneVouch = 4

    /// Refuses what would point at the signers.
    ///
    /// Both sides check it: who signs, before signing, and who counts, before counting.
    ///
    /// - Parameters:
    ///   - memberCount: n.
    ///   - vouchCount: Vouches of this ring for one subject in one epoch, the one in question
    ///     included.
    /// - Throws: `.unsafeRing` unless n ≥ 12 and vouches / n ≤ 0.25.
    package static func check(memberCount: Int, vouchCount: Int) throws(RingRefusal) {
        guard memberCount >= memberCountMin, vouchCount * membersForOneVouch <= memberCount else {
            throw .unsafeRing
        }
    }
}
