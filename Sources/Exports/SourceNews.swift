// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import SnapshotFormat

/// What a public snapshot says of one account, as exports need it.
///
/// Everything is exported from a verified snapshot for everybody, and from nothing else: who is in
/// no such snapshot can be in no export.
package struct SourceNews: Sendable {
    /// The account.
    package let account: PlatformAccount
    /// How it stands at the snapshot's date.
    package let standing: SourceStanding
    /// States that it was in before, the present one left out, by name.
    package let earlier: [SourceState]
    /// Its score at the snapshot's date, in thousandths.
    package let score: Int?
    /// First moment at which this must not be believed any more, Unix seconds.
    package let until: Int64

    /// The name of the subject: its id is a SHA-256, so RFC 6920 names it.
    package var subjectURI: String { Self.uri(ofDigest: standing.subject) }

    /// Whether the account has a badge: the rule of the charter holds in full.
    package var isAttested: Bool { standing.state == .attested }

    /// `ni:///sha-256;…`.
    ///
    /// Spec: RFC 6920, section 3.
    static func uri(ofDigest digest: [UInt8]) -> String {
        "ni:///sha-256;" + Base64URL.encode(digest)
    }

    /// All sources of a snapshot, in the order of its records.
    ///
    /// - Parameter snapshot: Verified, for everybody.
    /// - Returns: Those that everybody may know of.
    /// - Throws: `.notPublic`.
    package static func all(in snapshot: Snapshot) throws(ExportError) -> [SourceNews] {
        guard snapshot.header.audience == .everyone else { throw .notPublic }
        let date = snapshot.header.date
        return snapshot.sourceAccounts.compactMap { account in
            guard let standing = snapshot.source(for: account, asOf: date),
                standing.visibility == .everyone
            else { return nil }
            let states = snapshot.history(of: account).prefix { $0.since <= date }.map(\.state)
            return SourceNews(
                account: account,
                standing: standing,
                earlier: SourceState.allCases.filter {
                    $0 != standing.state && states.contains($0)
                },
                score: snapshot.score(of: account),
                until: min(standing.period.until ?? .max, snapshot.header.expires)
            )
        }
    }
}

/// Why something cannot be exported.
package enum ExportError: Error, Equatable, Sendable {
    /// The snapshot is not for everybody.
    case notPublic
    /// An address is none, or is not one that trust.txt can hold.
    case notAnAddress(String)
    /// An address names an account of a source.
    case namesASource
}
