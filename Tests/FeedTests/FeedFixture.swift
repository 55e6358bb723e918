// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Foundation
import SnapshotFormat
import Sodium
import Testing
import TransparencyLog

/// Datasets, posts and snapshots for tests.
enum FeedFixture {
    static let now: Int64 = 1_795_219_200
    static let day: Int64 = 86_400
    static let platform = "plaza.example"
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The bytes of a file under `../shared`; `nil`, with a line that says so, where it is absent.
    static func shared(_ path: String) throws -> [UInt8]? {
        let url = root.appending(path: "../shared").appending(path: path)
        guard FileManager.default.fileExists(atPath: url.path) else {
            print("skipped: ../shared/\(path) is absent")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil, "CI skips nothing")
            return nil
        }
        return Array(try Data(contentsOf: url))
    }

    /// Runs `body` with the path of a dataset that is not there yet.
    @discardableResult
    static func withDataset<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.appending(path: "feed.sqlite").path)
    }

    /// Adds a file in pieces of some size.
    @discardableResult
    static func add(
        _ bytes: [UInt8],
        to dataset: Dataset,
        format: FeedFormat? = nil,
        platform: String? = platform,
        columns: [String: String] = [:],
        isLenient: Bool = false,
        pieceSize: Int = 1 << 20
    ) throws -> ImportReport {
        var start = 0
        return try dataset.add(
            {
                let end = min(bytes.count, start + pieceSize)
                defer { start = end }
                return Array(bytes[start..<end])
            },
            format: format,
            platform: platform,
            columns: columns,
            isLenient: isLenient,
            time: now
        )
    }

    static func post(
        _ name: String,
        by account: String = "someone",
        secondsAgo: Int64 = 0,
        text: String = "hola",
        likes: Int64 = 0,
        isPaid: Bool = false,
        hasImage: Bool = false
    ) -> FeedPost {
        var post = FeedPost(
            platform: platform,
            account: account,
            name: name,
            time: now - secondsAgo,
            text: text
        )
        post.likes = likes
        post.isPaid = isPaid
        post.hasImage = hasImage
        return post
    }

    static func account(_ name: String) throws -> PlatformAccount {
        try #require(PlatformAccount(platform: platform, stableID: name))
    }

    /// A verified snapshot: `source` attested, `member` and `unsure` designated, `limited` limited.
    static func snapshot(alsoDesignated: [String] = []) throws -> Snapshot {
        let source = SourceRecord(
            account: try account("source"),
            subject: [UInt8](repeating: 7, count: 32),
            visibility: .everyone,
            history: [
                .init(
                    state: .attested,
                    tier: .attested,
                    since: now - 60 * day,
                    until: now + 60 * day
                )
            ]
        )
        let members = try (["member"] + alsoDesignated).sorted().map { name in
            DesignatedAccount(account: try account(name), confidence: 950, method: "co-share")
        }
        let unsure = DesignatedAccount(
            account: try account("unsure"),
            confidence: 400,
            method: "alias"
        )
        let designation = DesignationRecord(
            network: [UInt8](repeating: 8, count: 32),
            name: "Red",
            severity: .high,
            coordination: [.social],
            rule: "two-part/categories",
            readings: ["two-part/high"],
            rightsImpact: "People who report threats use the same words.",
            reasons: ["Las mismas cuentas.", "The same minutes."],
            evidence: [[UInt8](repeating: 1, count: 32)],
            actions: [.limitVisibility],
            validity: (now - day)..<(now + 10 * day),
            accounts: members + [unsure]
        )
        let limit = LimitRecord(
            account: try account("limited"),
            action: .limitVisibility,
            reason: "spam",
            evidence: [],
            validity: (now - day)..<(now + day)
        )
        let origin = "registry.example/log"
        let log = NoteSigner(name: try KeyName(origin), key: Ed25519.SecretKey())
        let root = try LogHash([UInt8](repeating: 9, count: 32))
        let checkpoint = Checkpoint(origin: log.verifier.name, size: 1, root: root)
        var file = SnapshotFile(
            audience: .everyone,
            version: 1,
            date: now - 10,
            checkpoint: try SnapshotCheckpoint(note: log.note(checkpoint.text)),
            salt: [UInt8](repeating: 4, count: SnapshotFile.saltCount),
            records: [.source(source), .designation(designation), .limit(limit)]
        )
        let seed = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        let key = try Ed25519.SecretKey(seed: seed)
        file.sign(with: key)
        let trust = try #require(
            SnapshotTrust(
                origin: origin,
                policy: LogPolicy(log: log.verifier),
                keys: [key.publicKey],
                threshold: 1
            )
        )
        return try file.verified(by: trust, audience: .everyone, now: now, lastSeen: nil)
    }
}
