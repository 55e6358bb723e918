// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import RingSignature
internal import Sodium
package import Statements

/// The ring keys and the rings of a registry, and which slots were used.
///
/// Spec: `docs/spec/registry.md`, section 3.10.
package struct RingBook: Sendable {
    /// A ring key that a verifier announced.
    struct Key: Sendable {
        let verifier: RegistryID
        let constituency: String
    }

    /// Which ring.
    struct Place: Hashable, Sendable {
        let epoch: RegistryEpoch
        let constituency: String
    }

    private var keys: [RegistryEpoch: [RegistryID: Key]] = [:]
    private var rings: [Place: Ring] = [:]
    private var quotaTags: Set<RegistryID> = []
    /// Who vouched in the open without a ring key.
    private var openVouchers: [RegistryEpoch: Set<RegistryID>] = [:]

    /// The number of a constituency in ring signatures.
    ///
    /// The first two bytes of a hash of its short name: charters may add names without moving the
    /// numbers of others. Two names with one number would do no harm: keys differ.
    package static func number(of constituency: String) -> UInt16 {
        let input = Array("resguardo-registry/constituency/v1\n\(constituency)".utf8)
        let digest = SHA256.hash(input)
        return UInt16(digest[0]) << 8 | UInt16(digest[1])
    }

    /// The ring in force.
    package func ring(_ epoch: RegistryEpoch, _ constituency: String) -> Ring? {
        rings[Place(epoch: epoch, constituency: constituency)]
    }

    /// The ring of one that a verifier's vouches in the open are signed by.
    package func ownRing(of verifier: RegistryID, _ epoch: RegistryEpoch) -> Ring? {
        guard let key = ownKey(of: verifier, epoch) else { return nil }
        return try? Ring([key.bytes])
    }

    /// The ring key of a verifier.
    package func ownKey(of verifier: RegistryID, _ epoch: RegistryEpoch) -> RegistryID? {
        keys[epoch]?.first { $0.value.verifier == verifier }?.key
    }

    /// The keys that were announced for a ring, ascending.
    package func announced(_ epoch: RegistryEpoch, _ constituency: String) -> [RegistryID] {
        (keys[epoch] ?? [:]).filter { $0.value.constituency == constituency }.keys.sorted()
    }

    /// Ring keys of a quarter, of all constituencies, ascending.
    package func pool(_ epoch: RegistryEpoch) -> [[UInt8]] {
        (keys[epoch] ?? [:]).keys.sorted().map(\.bytes)
    }

    func isAnnounced(_ key: RegistryID, _ epoch: RegistryEpoch) -> Bool {
        keys[epoch]?[key] != nil
    }

    package func isUsed(_ quotaTag: RegistryID) -> Bool { quotaTags.contains(quotaTag) }

    mutating func announce(_ key: RegistryID, _ owner: Key, _ epoch: RegistryEpoch) {
        keys[epoch, default: [:]][key] = owner
    }

    mutating func publish(_ ring: Ring, _ epoch: RegistryEpoch, _ constituency: String) {
        rings[Place(epoch: epoch, constituency: constituency)] = ring
    }

    func hasVouchedOpenly(_ verifier: RegistryID, _ epoch: RegistryEpoch) -> Bool {
        openVouchers[epoch]?.contains(verifier) == true
    }

    mutating func noteOpenVouch(of verifier: RegistryID, _ epoch: RegistryEpoch) {
        openVouchers[epoch, default: []].insert(verifier)
    }

    mutating func use(_ quotaTag: RegistryID) { quotaTags.insert(quotaTag) }

    /// Takes a verifier out of all rings of a quarter that is not over.
    ///
    /// Whoever is removed signs no more; nobody ever joins.
    mutating func remove(_ verifier: RegistryID, since time: Int64) {
        for (epoch, owners) in keys where epoch.end > time {
            for (key, owner) in owners where owner.verifier == verifier {
                keys[epoch]?[key] = nil
                let place = Place(epoch: epoch, constituency: owner.constituency)
                guard let ring = rings[place] else { continue }
                let left = ring.members.map(\.bytes).filter { $0 != key.bytes }
                // An empty ring is no ring.
                rings[place] = try? Ring(left)
            }
        }
    }
}
