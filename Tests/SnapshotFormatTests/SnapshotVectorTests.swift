// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import SnapshotFormat
import Testing

/// Vectors that `scripts/verify/snapshot_vectors.py` wrote from the specification alone.
@Suite struct SnapshotVectorTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/spec/vectors/snapshots.json")

    private let vectors: JSONValue
    private let trust: SnapshotTrust

    init() throws {
        vectors = try JSONValue(parsing: Array(Data(contentsOf: Self.file)))
        trust = try SnapshotTrust(parsing: #require(vectors["trust"]).canonicalBytes)
    }

    /// One file, and what its reader knows.
    private struct Case {
        let name: String
        let outcome: String
        let bytes: [UInt8]
        let now: Int64
        let value: JSONValue

        init(_ value: JSONValue) throws {
            name = try #require(value["name"]?.string)
            outcome = try #require(value["is"]?.string)
            bytes = try Base64.decode(#require(value["file"]?.string))
            now = try #require(value["now"]?.integer)
            self.value = value
        }

        /// What an earlier file left behind; another digest at another version does not matter.
        func seen(_ digest: [UInt8]) throws -> SnapshotSeen? {
            guard let version = value["version"]?.integer else { return nil }
            return SnapshotSeen(version: version, digest: digest, size: value["size"]?.integer)
        }
    }

    private func cases(_ kind: String) throws -> [Case] {
        let all = try #require(vectors[kind]?.array).map { try Case($0) }
        #expect(all.count >= 10)
        return all
    }

    /// The class of a refusal, as the plain Python reader names it.
    private static func name(of error: SnapshotError) -> String {
        switch error {
        case .wrongOrigin: "origin"
        case .wrongAudience: "audience"
        case .tooFewSignatures: "signatures"
        case .unwitnessed, .notWitnessedThen: "witnesses"
        case .rolledBack, .olderLog: "rollback"
        case .equivocates: "two faces"
        case .notYetValid: "future"
        case .expired: "expired"
        case .recordsMismatch: "mixed"
        default: "form"
        }
    }

    private func outcome(_ read: () throws -> String) throws -> String {
        do {
            return try read()
        } catch let error as SnapshotError {
            return Self.name(of: error)
        }
    }

    @Test func filesAreTakenAndRefusedAsWritten() throws {
        for one in try cases("files") {
            let name = try #require(one.value["audience"]?.string)
            let audience = try #require(SnapshotAudience(name: name))
            let found = try outcome {
                let file = try SnapshotFile(parsing: one.bytes)
                #expect(file.bytes == one.bytes, "\(one.name)")
                let seen = try one.seen(file.digest)
                _ = try file.verified(
                    by: trust,
                    audience: audience,
                    now: one.now,
                    lastSeen: seen
                )
                return "right"
            }
            #expect(found == one.outcome, "\(one.name)")
        }
    }

    @Test func rowsAreTakenAndRefusedAsWritten() throws {
        for one in try cases("rows") {
            let found = try outcome {
                let proof = try SnapshotRowProof(parsing: one.bytes)
                try proof.verify(by: trust, now: one.now)
                return "right"
            }
            #expect(found == one.outcome, "\(one.name)")
        }
    }

    @Test func filtersAnswerAndAreRefusedAsWritten() throws {
        for one in try cases("filters") {
            let id = try #require(one.value["account"]?.string)
            let account = try #require(PlatformAccount(platform: "example", stableID: id))
            let found = try outcome {
                let filter = try SnapshotFilter(parsing: one.bytes)
                #expect(filter.bytes == one.bytes, "\(one.name)")
                _ = try filter.verify(by: trust, now: one.now, lastSeen: nil)
                if filter.isWarnedOf(account) { return "warned" }
                return filter.isAttested(account) ? "attested" : "unknown"
            }
            #expect(found == one.outcome, "\(one.name)")
        }
    }
}
