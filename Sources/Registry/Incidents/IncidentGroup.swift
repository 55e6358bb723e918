// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Statements

/// What the members of a group have in common.
package enum IncidentBasis: String, Sendable, CaseIterable {
    /// An event, such as an election.
    case event
    /// The kind of their organisation; the group has its name.
    case kind
    /// The kind of harm, or of content.
    case substance
}

/// Why an incident, or what belongs to it, is not believed.
package enum IncidentError: String, Error, Sendable, CaseIterable {
    /// The bytes are no such thing.
    case malformed
    /// Of another registry.
    case otherRegistry = "other-registry"
    /// The organisation is no verifier, or was none that day.
    case unknownVerifier = "unknown-verifier"
    /// The organisation has not signed it.
    case notSigned = "not-signed"
    /// A member is not of the kind that the group is of.
    case wrongKind = "wrong-kind"
    /// The file was not made for this statement, or for others.
    case otherAudience = "other-audience"
}

/// Organisations that tell each other of incidents.
///
/// Everybody who has the file can share with them; it goes from hand to hand.
///
/// Spec: `docs/spec/incidents.md`, section 3.
package struct IncidentGroup: Sendable {
    /// The most members.
    package static let memberCountMax = 256
    /// The largest file, in bytes.
    package static let byteCountMax = 2 << 20
    private static let type = "registry-incident-group"

    /// Its name: letters, digits, hyphens.
    package let name: String
    /// What the members have in common.
    package let basis: IncidentBasis
    /// The members' cards, in ascending order of verifiers.
    package let cards: [IncidentCard]
    private let envelopes: [Envelope]

    /// A group of organisations.
    ///
    /// - Throws: `.malformed` for a name that is none, no card, two of one organisation, or what is
    ///   no card.
    package init(
        name: String,
        basis: IncidentBasis,
        cards envelopes: [Envelope]
    ) throws(IncidentError) {
        guard Slug.isValid(name), (1...Self.memberCountMax).contains(envelopes.count) else {
            throw .malformed
        }
        var read: [(card: IncidentCard, envelope: Envelope)] = []
        for envelope in envelopes {
            // Which field is wrong does not help who got the file from somebody else.
            guard let card = try? envelope.read(IncidentCard.self) else { throw .malformed }
            read.append((card, envelope))
        }
        read.sort { $0.card.verifier.lexicographicallyPrecedes($1.card.verifier) }
        guard Set(read.map(\.card.verifier)).count == read.count else { throw .malformed }
        self.name = name
        self.basis = basis
        cards = read.map(\.card)
        self.envelopes = read.map(\.envelope)
    }

    /// Reads what ``bytes`` writes.
    ///
    /// - Throws: `.malformed`.
    package init(parsing bytes: [UInt8]) throws(IncidentError) {
        guard bytes.count <= Self.byteCountMax, bytes.last == UInt8(ascii: "\n"),
            // Where a file is damaged helps nobody.
            let value = try? JSONValue(canonical: Array(bytes.dropLast())),
            value.object?.count == 5, value["type"]?.string == Self.type,
            value["v"]?.integer == 1, let name = value["name"]?.string,
            let basis = value["basis"]?.string.flatMap({ IncidentBasis(rawValue: $0) }),
            let list = value["cards"]?.array
        else { throw .malformed }
        let cards = list.compactMap { try? Envelope(canonical: $0.canonicalBytes) }
        guard cards.count == list.count else { throw .malformed }
        try self.init(name: name, basis: basis, cards: cards)
        guard self.bytes == bytes else { throw .malformed }
    }

    /// One line of canonical JSON.
    package var bytes: [UInt8] {
        let value: JSONValue = [
            "basis": .string(basis.rawValue), "cards": .array(envelopes.map(\.json)),
            "name": .string(name), "type": .string(Self.type), "v": .integer(1),
        ]
        return value.canonicalBytes + [UInt8(ascii: "\n")]
    }

    /// What incidents call it by.
    package var digest: RegistryID { RegistryID(SHA256.hash(bytes)) }

    /// Throws unless all members are verifiers today and gave these cards themselves.
    ///
    /// - Parameters:
    ///   - state: The registry.
    ///   - time: Now, seconds since 1970.
    /// - Throws: `.otherRegistry`, `.unknownVerifier`, `.notSigned`, `.wrongKind`.
    package func verify(in state: RegistryState, at time: Int64) throws(IncidentError) {
        for (card, envelope) in zip(cards, envelopes) {
            guard card.head.context == state.context else { throw .otherRegistry }
            guard let member = state.verifiers[RegistryID(card.verifier)],
                member.isActive(at: time)
            else { throw .unknownVerifier }
            guard envelope.isSigned(by: member.key.key) else { throw .notSigned }
            guard basis != .kind || member.kind.rawValue == name else { throw .wrongKind }
        }
    }
}
