// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import SnapshotFormat
import Sodium
import Statements
import Testing
import TransparencyLog

/// A verified snapshot with a source of each kind that exports tell apart, and keys.
enum ExportFixture {
    static let day: Int64 = 86_400
    static let did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    static let dead = "did:plc:deadwvi7nxzyoun6zhxrhs64"
    static let nostr = String(repeating: "1e710646b36ae5e9", count: 4)
    static let ranked = String(repeating: "2e710646b36ae5e9", count: 4)

    static func keys() throws -> ExportKeys {
        try ExportKeys(seed: SecretBytes(copying: [UInt8](repeating: 5, count: 32)))
    }

    /// A bundle of an incident with an account that is named twice.
    static func incident(at date: Int64) throws -> JSONValue {
        let digest = String(repeating: "ab", count: 32)
        let value: JSONValue = [
            "accounts": [
                ["id": "u-1", "platform": "example"], ["id": "u-1", "platform": "example"],
                ["id": "u-2", "platform": "example"],
            ],
            "audience": .string(digest), "contents": [.string(digest)],
            "context": .string(digest), "date": .integer(date), "description": "La noche del 5.",
            "from": .integer(date - day), "grade": "high", "harm": "physical",
            "key": .string(digest), "links": ["https://diario.example/nota"],
            "techniques": ["T0048.003", "T9999"], "title": "Amenazas",
            "to": .integer(date - day), "type": .string(IncidentReport.type), "v": 1,
            "verifier": .string(digest),
        ]
        return STIXBundle.make(
            of: try IncidentReport(payload: value.canonicalBytes),
            id: digest,
            by: "Diario",
            origin: "registry.example/log"
        )
    }

    static func account(_ platform: String, _ id: String) throws -> PlatformAccount {
        try #require(PlatformAccount(platform: platform, stableID: id))
    }

    static func snapshot(
        _ audience: SnapshotAudience = .everyone,
        at date: Int64
    ) throws -> Snapshot {
        let secret = try Ed25519.SecretKey(
            seed: SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        )
        let origin = "registry.example/log"
        let log = NoteSigner(name: try KeyName(origin), key: Ed25519.SecretKey())
        let root = try LogHash([UInt8](repeating: 3, count: 32))
        let checkpoint = Checkpoint(origin: log.verifier.name, size: 9, root: root)
        var file = SnapshotFile(
            audience: audience,
            version: 1,
            date: date,
            checkpoint: try SnapshotCheckpoint(note: log.note(checkpoint.text)),
            salt: [UInt8](repeating: 4, count: SnapshotFile.saltCount),
            records: try records(at: date)
        )
        file.sign(with: secret)
        let trust = try #require(
            SnapshotTrust(
                origin: origin,
                policy: LogPolicy(log: log.verifier),
                keys: [secret.publicKey],
                threshold: 1
            )
        )
        return try SnapshotFile(parsing: file.bytes).verified(
            by: trust,
            audience: audience,
            now: date,
            lastSeen: nil
        )
    }

    private static func records(at date: Int64) throws -> [SnapshotRecord] {
        let attested = SourcePeriod(
            state: .attested,
            tier: .attested,
            since: date - 30 * day,
            until: date + 90 * day
        )
        let past = SourcePeriod(
            state: .attested,
            tier: .attested,
            since: date - 30 * day,
            until: date - day
        )
        func now(_ state: SourceState) -> SourcePeriod {
            SourcePeriod(
                state: state,
                tier: .none,
                since: date - day,
                until: nil,
                reason: "deceased"
            )
        }
        return [
            try source("atproto", did, [attested], 1),
            try source("atproto", dead, [past, now(.memorial)], 2),
            try source("example", "u-7", [attested], 3),
            try source("nostr", nostr, [past, now(.takenOver)], 4),
            try source("nostr", ranked, [attested], 5),
            .designation(
                DesignationRecord(
                    network: [UInt8](repeating: 8, count: 32),
                    name: "Red Ñ",
                    severity: .high,
                    coordination: [.social, .technical],
                    rule: "two-part/high",
                    readings: ["two-part/high"],
                    rightsImpact: "People who report threats use the same words.",
                    reasons: ["Las mismas cuentas.", "The same minutes."],
                    evidence: [[UInt8](repeating: 1, count: 32)],
                    actions: [.noTrend],
                    validity: (date - day)..<(date + 80 * day),
                    accounts: [
                        .init(
                            account: try account("twitter", "1700000000000000001"),
                            confidence: 900,
                            method: "near-duplicate"
                        )
                    ]
                )
            ),
        ]
    }

    private static func source(
        _ platform: String,
        _ id: String,
        _ history: [SourcePeriod],
        _ subject: UInt8
    ) throws -> SnapshotRecord {
        .source(
            SourceRecord(
                account: try account(platform, id),
                subject: [UInt8](repeating: subject, count: 32),
                visibility: .everyone,
                history: history,
                score: history.last?.state == .attested ? 776 : 0
            )
        )
    }
}
