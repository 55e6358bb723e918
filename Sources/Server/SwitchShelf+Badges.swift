// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Statements
internal import Storage
package import Switch

/// Badges: what a node shows to everybody of a switch, on its owner's wish.
///
/// Spec: `docs/spec/node.md`, section 12.5.
extension SwitchShelf {
    /// Most badges of one switch: one is made at each arming.
    package static let badgeCountMax = 16
    /// Most checked badges that are kept in memory.
    private static let badgesInMemoryMax = 1024

    /// Why a badge is not taken.
    package enum BadgeRefusal: String, Error, Sendable {
        /// No badge, or its proof does not hold.
        case malformed
        /// No arming of this switch dealt what it shows.
        case otherDealing
        /// The switch has too many.
        case quota
    }

    /// Keeps a badge, and shows it from now on.
    ///
    /// - Parameters:
    ///   - envelope: The badge.
    ///   - capability: Of the switch.
    /// - Returns: Its id; nil where there is no such switch.
    /// - Throws: ``BadgeRefusal``, ``FileFailure``.
    package func take(
        badge envelope: Envelope,
        _ capability: SwitchCapability
    ) throws -> String? {
        let name = Hex.encode(capability.room)
        guard let room = try room(name) else { return nil }
        guard let badge = try? VerifiedBadge(envelope) else { throw BadgeRefusal.malformed }
        guard room.doorman.knows(badge) else { throw BadgeRefusal.otherDealing }
        let id = badge.id
        guard badgeRooms[id] == nil else { return id }
        let folder = directory.appending(name)
        guard try Self.badges(in: folder).count < Self.badgeCountMax else {
            throw BadgeRefusal.quota
        }
        try files.make(folder.appending("badges"))
        try files.replace(Self.badge(id, in: folder), with: envelope.bytes + [0x0a])
        badgeRooms[id] = name
        badges[id] = badge
        return id
    }

    /// The badge with an id, nil where there is none.
    ///
    /// - Throws: ``FileFailure``.
    package func badge(_ id: String) throws -> VerifiedBadge? {
        if let known = badges[id] { return known }
        guard let room = badgeRooms[id] else { return nil }
        let path = Self.badge(id, in: directory.appending(room))
        let bytes = try Directory.contents(of: path, countMax: Envelope.byteCountMax + 1)
        guard bytes.last == 0x0a, let envelope = try? Envelope(canonical: Array(bytes.dropLast())),
            let badge = try? VerifiedBadge(envelope), badge.id == id
        else { throw FileFailure.damaged(path) }
        if badges.count >= Self.badgesInMemoryMax { badges = [:] }
        badges[id] = badge
        return badge
    }

    /// The ids of a switch's badges.
    static func badges(in folder: BytePath) throws -> [String] {
        let place = folder.appending("badges")
        guard FileStatus.exists(place) else { return [] }
        return try Directory.names(in: place).filter { $0.count == 64 }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func badge(_ id: String, in folder: BytePath) -> BytePath {
        folder.appending("badges").appending(id)
    }
}

extension SwitchSite {
    /// Takes a badge from whoever has the read capability.
    func takeBadge(_ question: Question, _ capability: SwitchCapability) async throws -> Answer? {
        let body = try await question.body(Envelope.byteCountMax + 1)
        guard body.last == 0x0a, let envelope = try? Envelope(canonical: Array(body.dropLast()))
        else { return .text(400, "malformed") }
        do {
            return try await shelf.take(badge: envelope, capability).map { .text(200, $0) }
        } catch let refusal as SwitchShelf.BadgeRefusal {
            switch refusal {
            case .malformed: return .text(400, refusal.rawValue)
            case .otherDealing: return .text(403, refusal.rawValue)
            case .quota: return .text(507, refusal.rawValue)
            }
        }
    }
}
