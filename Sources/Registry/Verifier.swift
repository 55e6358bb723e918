// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// An accredited organisation.
package struct Verifier: Sendable {
    /// Its key.
    package let key: RegistryKey
    /// Its public name.
    package internal(set) var name: String
    /// What it does.
    package internal(set) var kind: OrganisationKind
    /// Short name of its constituency.
    package internal(set) var constituency: String
    /// When it came to its constituency, seconds since 1970.
    package internal(set) var joinedAt: Int64
    /// The name that organisations under the same control share.
    package internal(set) var control: String?
    /// When it was accredited, in ascending order; times in seconds since 1970.
    package internal(set) var terms: [Range<Int64>]
    /// When the council interrupted it.
    package internal(set) var suspensions: [Range<Int64>] = []
    /// When it was removed.
    package internal(set) var removedAt: Int64?
    /// Why it was removed.
    package internal(set) var removalReason: RegistryReason?

    /// What counts once: the organisation, or all those under its control.
    package var unit: String { control ?? key.id.hex }

    /// Whether it may vouch at `time`.
    package func isActive(at time: Int64) -> Bool {
        time < removedAt ?? .max && terms.contains { $0.contains(time) }
            && !suspensions.contains { $0.contains(time) }
    }
}
