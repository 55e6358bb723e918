// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import RingSignature
internal import Sodium

extension FuzzEntry {
    /// The parsers of `RingSignature`.
    static let rings: [FuzzEntry] = [
        entry("ring-request", { try RingRequest($0) }) { value, bytes in
            try RingRequest(bytes) == value && value.ring == Ring(value.ring.members.map(\.bytes))
        },
        entry("ring-announcement", { try RingAnnouncement(parsing: $0) }) { value, _ in
            try RingPossession(value.possession.bytes) == value.possession
        },
        entry("ring-signature", { try signature($0) }) { value, bytes in value.bytes == bytes },
    ]

    /// As a vouch of as many members as there is room for.
    private static func signature(_ bytes: [UInt8]) throws -> RingSignature {
        let memberCount = max(bytes.count / 32 - 3, 0)
        return try RingSignature(bytes, memberCount: memberCount, act: .vouch)
    }
}
