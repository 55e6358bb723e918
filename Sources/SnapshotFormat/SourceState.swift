// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a source stands.
package enum SourceState: String, Sendable, CaseIterable {
    /// Two vouches of two constituencies: an early signal for platforms only.
    case provisional
    /// The full rule of the charter holds.
    case attested
    /// Trust is interrupted while something is looked into.
    case suspended
    /// Somebody else has the account.
    case takenOver = "taken-over"
    /// The person died; what came after ``SourceRecord/lastTrustedAt`` is not theirs.
    case memorial
    /// Trust was withdrawn by decision.
    case revoked
    /// The vouches ran out and were not renewed.
    case lapsed

    /// Whether the state speaks for the account.
    package var isPositive: Bool { self == .provisional || self == .attested }
}

/// How much was required of a source.
///
/// Badges follow tiers; nothing else does.
package enum SourceTier: Int, Sendable, CaseIterable, Comparable {
    case none
    case provisional
    case attested
    case strong

    /// The word in the file.
    package var name: String {
        switch self {
        case .none: "none"
        case .provisional: "provisional"
        case .attested: "attested"
        case .strong: "strong"
        }
    }

    /// The tier called `name`.
    package init?(name: String) {
        guard let tier = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = tier
    }

    package static func < (left: SourceTier, right: SourceTier) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Who may learn that a subject is in the registry.
///
/// The subject's own choice.
package enum SourceVisibility: String, Sendable, CaseIterable {
    /// Everybody.
    case everyone = "public"
    /// The platform that hosts the account, and nobody else. The default.
    case platformsOnly = "platforms-only"
    /// Nobody but those whom the subject shows it to; in no snapshot.
    case onRequest = "on-request"
}

/// Who a snapshot is for.
package enum SnapshotAudience: Sendable, Hashable {
    /// Everybody: public subjects only.
    case everyone
    /// One platform: the public and platforms-only subjects with an account there.
    case platform(String)

    private static let platformPrefix = "platform:"

    /// The word in the file: `public` or `platform:NAME`.
    package var name: String {
        switch self {
        case .everyone: "public"
        case .platform(let name): Self.platformPrefix + name
        }
    }

    /// Reads the word in the file.
    package init?(name: String) {
        if name == "public" {
            self = .everyone
        } else if name.hasPrefix(Self.platformPrefix) {
            let platform = String(name.dropFirst(Self.platformPrefix.count))
            guard Token.isValid(platform, countMax: PlatformAccount.platformCountMax) else {
                return nil
            }
            self = .platform(platform)
        } else {
            return nil
        }
    }
}
