// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import SecondReader
import SnapshotFormat
import Sodium
import Testing
import TransparencyLog

/// A small snapshot with one record of each kind, and keys to sign it.
enum Fixture {
    static let origin = "registry.example/log"
    static let day: Int64 = 86_400
    static let made: Int64 = 1_795_219_200

    static func key(_ byte: UInt8) throws -> Ed25519.SecretKey {
        try Ed25519.SecretKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    }

    static func account(_ id: String, on platform: String = "example") throws -> PlatformAccount {
        try #require(PlatformAccount(platform: platform, stableID: id))
    }

    static func trust(threshold: Int = 2, witnesses: Int = 1) throws -> SnapshotTrust {
        let keys = try [key(1).publicKey, key(2).publicKey, key(3).publicKey]
        let policy = try policy(witnesses)
        return try #require(
            SnapshotTrust(origin: origin, policy: policy, keys: keys, threshold: threshold)
        )
    }

    static func log() throws -> NoteSigner {
        NoteSigner(name: try KeyName(origin), key: try key(8))
    }

    static func witness(_ index: Int = 0) throws -> Cosigner {
        let name = ["witness.example", "second.example"][index]
        return Cosigner(name: try KeyName(name), key: try key(UInt8(9 + index)))
    }

    /// The log, and its witnesses, all of them.
    static func policy(_ count: Int = 1) throws -> LogPolicy {
        LogPolicy(
            log: try log().verifier,
            witnesses: try (0..<count).map { try witness($0).verifier },
            threshold: count
        )
    }

    /// What log and witness signed.
    static func note() throws -> SignedNote {
        let root = try LogHash(digest(9))
        let text = Checkpoint(origin: try KeyName(origin), size: 12, root: root).text
        var note = try log().note(text)
        note.add(try witness().cosign(text, time: made - 60))
        return note
    }

    static func digest(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    static func records() throws -> [SnapshotRecord] {
        let source = SourceRecord(
            account: try account("did:plc:reporter"),
            subject: digest(7),
            visibility: .platformsOnly,
            history: [
                .init(state: .attested, tier: .attested, since: made - 60 * day, until: made - day),
                .init(
                    state: .memorial,
                    tier: .none,
                    since: made - day,
                    until: nil,
                    reason: "deceased"
                ),
            ],
            lastTrustedAt: made - 2 * day
        )
        let designation = DesignationRecord(
            network: digest(8),
            name: "Red Ñ",
            severity: .high,
            coordination: [.social, .technical],
            rule: "two-part/categories",
            readings: ["two-part/high"],
            rightsImpact: "People who report threats use the same words.",
            reasons: ["Las mismas cuentas.", "The same minutes."],
            splitFrom: digest(9),
            evidence: [digest(1), digest(2)],
            actions: [.noRecommend, .noTrend],
            validity: (made - 10 * day)..<(made + 80 * day),
            accounts: [
                .init(account: try account("u1"), confidence: 900, method: "co-share"),
                .init(account: try account("u2"), confidence: 400, method: "alias"),
            ]
        )
        return [
            .source(source),
            .designation(designation),
            .limit(
                LimitRecord(
                    account: try account("u3"),
                    action: .noTrend,
                    reason: "coordinated-harm",
                    evidence: [],
                    validity: made..<(made + 5 * day)
                )
            ),
            .correction(
                CorrectionRecord(
                    content: digest(4),
                    verdict: .missingContext,
                    verifier: digest(5),
                    link: "https://checkers.example/1",
                    validity: made..<(made + 5 * day)
                )
            ),
            .lexicon(
                LexiconRecord(
                    term: "🦂",
                    form: .emoji,
                    network: digest(8),
                    regions: ["mx-tam"],
                    source: digest(1),
                    validity: made..<(made + 5 * day)
                )
            ),
        ]
    }

    static func file(
        version: Int64 = 5,
        records: [SnapshotRecord]? = nil,
        signers: [UInt8] = [1, 2],
        audience: SnapshotAudience = .platform("example"),
        note: SignedNote? = nil
    ) throws -> SnapshotFile {
        var file = SnapshotFile(
            audience: audience,
            version: version,
            date: made,
            checkpoint: try SnapshotCheckpoint(note: note ?? Self.note()),
            salt: digest(3),
            records: try records ?? Self.records()
        )
        for signer in signers { file.sign(with: try key(signer)) }
        return file
    }

    static func open(
        _ bytes: [UInt8],
        now: Int64 = made + 60,
        lastSeen: SnapshotSeen? = nil,
        audience: SnapshotAudience = .platform("example"),
        trust: SnapshotTrust? = nil
    ) throws -> Snapshot {
        try SnapshotFile(parsing: bytes).verified(
            by: trust ?? Self.trust(),
            audience: audience,
            now: now,
            lastSeen: lastSeen
        )
    }

    /// What `scripts/verify/snapshot.py` says of a snapshot: `right`, or the class of its fault.
    static func secondReader(
        _ bytes: [UInt8],
        lastSeen: SnapshotSeen? = nil,
        trust: SnapshotTrust? = nil
    ) throws -> String {
        try secondReader([
            "audience": "platform:example", "file": .string(Base64.encode(bytes)),
            "now": .integer(made + 60), "size": .integer(lastSeen?.size ?? 0),
            "trust": (trust ?? Self.trust()).json, "version": .integer(lastSeen?.version ?? 0),
        ])
    }

    /// The same of any case, as the script reads it.
    static func secondReader(_ value: JSONValue) throws -> String {
        try SecondReader("snapshot.py").decide([value], as: "--cases").output
            .trimmingCharacters(in: .newlines)
    }

    /// The hash of a row, computed without the code under test.
    static func leaf(_ salt: [UInt8], _ row: [UInt8]) -> [UInt8] {
        SHA256.hash([0] + salt + row)
    }

    static func rowSalt(_ index: UInt8, _ salt: [UInt8]) -> [UInt8] {
        let domain = Array("resguardo-snapshot/row/v1\n".utf8)
        return SHA256.hash(domain + salt + [0, 0, 0, 0, 0, 0, 0, index])
    }
}
