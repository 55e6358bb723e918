// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import SnapshotFormat

/// An attested account as a W3C Verifiable Credential.
///
/// It lives no longer than the snapshot that it came from, a week at most, so that it needs no
/// status list: asking one would tell its host who looks at whom.
///
/// Spec: W3C Verifiable Credentials Data Model 2.0; `docs/spec/exports.md`, section 4.
package enum AttestationCredential {
    /// The second one is W3C's own for terms that have no context of theirs.
    private static let contexts: JSONValue = [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/undefined-terms/v2",
    ]

    /// The credential of an account.
    ///
    /// - Parameters:
    ///   - news: What is known of the account.
    ///   - key: The issuer's.
    ///   - date: Of the snapshot, Unix seconds.
    /// - Returns: The signed credential; `nil` if the account is not attested.
    package static func make(
        for news: SourceNews,
        key: borrowing CredentialKey,
        date: Int64
    ) -> JSONValue? {
        guard news.isAttested else { return nil }
        let document: [String: JSONValue] = [
            "@context": contexts,
            "credentialSubject": [
                "account": [
                    "platform": .string(news.account.platform),
                    "stableId": .string(news.account.stableID),
                ],
                "attestedSince": .string(Timestamp(seconds: news.standing.period.since).rfc3339),
                "id": .string(news.subjectURI),
                "tier": .string(news.standing.tier.name),
            ],
            "issuer": .string(key.did),
            "type": ["VerifiableCredential", "PseudonymousAccountAttestation"],
            "validFrom": .string(Timestamp(seconds: date).rfc3339),
            "validUntil": .string(Timestamp(seconds: news.until).rfc3339),
        ]
        return key.signed(document, date: date)
    }
}
