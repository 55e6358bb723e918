// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Encodings
internal import SnapshotFormat

/// A source on nostr as a label event (NIP-32) and as a rank (NIP-85), each with an end (NIP-40).
///
/// Deleting an event is a request that nobody has to follow, so bad news is a later event of its
/// own.
///
/// Spec: NIP-01, NIP-32, NIP-40, NIP-85; `docs/spec/exports.md`, section 5.
package enum NostrEvent {
    /// Whom these labels are for.
    package static let platform = "nostr"
    private static let labelKind: Int64 = 1985
    private static let rankKind: Int64 = 30_382
    private static let namespace = "org.resguardo.registry"

    /// The event of an account.
    ///
    /// - Parameters:
    ///   - news: What is known of the account, whose stable id is its public key in hexadecimal.
    ///   - key: Signs.
    ///   - date: Of the snapshot, Unix seconds.
    /// - Returns: The event; `nil` where there is nothing to say, or the account is not of nostr.
    package static func make(
        for news: SourceNews,
        key: borrowing NostrKey,
        date: Int64
    ) -> JSONValue? {
        let account = news.account
        guard isHere(account), let label = word(for: news.standing.state) else { return nil }
        let tags: [[String]] = [
            ["L", namespace], ["l", label, namespace], ["p", account.stableID],
            ["expiration", String(news.until)],
        ]
        return signed(labelKind, tags, key: key, date: date)
    }

    /// The rank of an account: its score, of a hundred.
    ///
    /// It replaces the last one of the same key and account: bad news is a rank of 0.
    ///
    /// - Parameters:
    ///   - news: What is known of the account, whose stable id is its public key in hexadecimal.
    ///   - key: Signs.
    ///   - date: Of the snapshot, Unix seconds.
    /// - Returns: The event; `nil` where there is no score, or the account is not of nostr.
    package static func rank(
        for news: SourceNews,
        key: borrowing NostrKey,
        date: Int64
    ) -> JSONValue? {
        let account = news.account
        guard isHere(account), let score = news.score else { return nil }
        let isGood = news.standing.state.isPositive
        let rank = isGood ? (score + 5) / 10 : 0
        // A rank of 0 that ended would give the account back the one before.
        let end = isGood ? [["expiration", String(news.until)]] : []
        let tags = [["d", account.stableID], ["rank", String(rank)]] + end
        return signed(rankKind, tags, key: key, date: date)
    }

    private static func isHere(_ account: PlatformAccount) -> Bool {
        account.platform == platform && (try? Hex.decode(account.stableID))?.count == 32
    }

    private static func word(for state: SourceState) -> String? {
        switch state {
        case .attested, .suspended, .takenOver, .memorial, .revoked: state.rawValue
        case .provisional, .lapsed: nil
        }
    }

    private static func signed(
        _ kind: Int64,
        _ tags: [[String]],
        key: borrowing NostrKey,
        date: Int64
    ) -> JSONValue {
        let author = JSONValue.string(Hex.encode(key.publicKey))
        let tags = JSONValue.array(tags.map { .array($0.map { .string($0) }) })
        // NIP-01: the id is the SHA-256 of this array, written as JCS writes it.
        let preimage: JSONValue = [
            0, author, .integer(date), .integer(kind), tags, "",
        ]
        let id = SHA256.hash(preimage.canonicalBytes)
        return [
            "content": "",
            "created_at": .integer(date),
            "id": .string(Hex.encode(id)),
            "kind": .integer(kind),
            "pubkey": author,
            "sig": .string(Hex.encode(key.sign(id))),
            "tags": tags,
        ]
    }
}
