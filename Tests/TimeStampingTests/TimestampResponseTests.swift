// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TimeStamping

/// The sample answers of `vectors/rfc3161`, made by `openssl ts`.
@Suite struct TimestampResponseTests {
    private struct Sample {
        let folder: URL
        let digest: [UInt8]

        /// SHA-256 of `data.bin` as `openssl` computes it.
        init?() throws {
            folder =
                URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "../shared/vectors/rfc3161").standardizedFileURL
            guard FileManager.default.fileExists(atPath: folder.path) else {
                print("skipped: no vectors/rfc3161")
                if ProcessInfo.processInfo.environment["CI"] != nil {
                    Issue.record("vectors/rfc3161 are missing")
                }
                return nil
            }
            // The query's imprint: the last 32 bytes of the inner OCTET STRING.
            let query = Array(try Data(contentsOf: folder.appending(path: "cert.tsq")))
            let mark: [UInt8] = [0x04, 0x20]
            let start = (0..<query.count - 34).first { Array(query[$0..<$0 + 2]) == mark }
            digest = Array(query[(try #require(start) + 2)...].prefix(32))
        }

        func file(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: folder.appending(path: name)))
        }

        func response(_ name: String = "cert.tsr") throws -> TimestampResponse {
            try TimestampResponse(file(name))
        }
    }

    @Test func readsTheSample() throws {
        guard let sample = try Sample() else { return }
        let roots = try sample.file("ca.pem")
        let facts = try sample.response().verify(digest: sample.digest, roots: roots)
        #expect(facts.policy == "1.2.3.4.1")
        #expect(facts.authority.contains("CN="))
        // Accuracy: a second either way.
        #expect(facts.latest - facts.earliest == 2)
        #expect((1_795_000_000..<1_796_000_000).contains(facts.latest))
        // Nobody vouches, but the token is whole.
        let same = try sample.response().verify(digest: sample.digest, roots: nil)
        #expect(same == facts)
    }

    @Test func refusesAnotherQuestionAndOtherRoots() throws {
        guard let sample = try Sample() else { return }
        let roots = try sample.file("ca.pem")
        let response = try sample.response()
        let other = [UInt8](repeating: 0, count: 32)
        #expect(throws: TimestampError.otherData) {
            try response.verify(digest: other, roots: roots)
        }
        #expect(throws: TimestampError.otherNonce) {
            try response.verify(digest: sample.digest, nonce: [1, 2, 3], roots: roots)
        }
        #expect(throws: TimestampError.noRoots) {
            try response.verify(digest: sample.digest, roots: [])
        }
        // A token without certificates has nobody to vouch for it.
        let bare = try sample.response("nocert.tsr")
        #expect(bare.certificates.isEmpty)
        #expect(throws: TimestampError.self) {
            try bare.verify(digest: sample.digest, roots: nil)
        }
    }

    @Test func refusesEveryCutAndAnythingBehind() throws {
        guard let sample = try Sample() else { return }
        let bytes = try sample.file("cert.tsr")
        for count in 1..<bytes.count {
            let response = try TimestampResponse(Array(bytes[..<count]))
            #expect(throws: TimestampError.malformed) {
                try response.verify(digest: sample.digest, roots: nil)
            }
        }
        #expect(throws: TimestampError.malformed) {
            try TimestampResponse(bytes + [0]).verify(digest: sample.digest, roots: nil)
        }
        #expect(throws: TimestampError.malformed) { try TimestampResponse([]) }
        let long = [UInt8](repeating: 0x30, count: TimestampResponse.byteCountMax + 1)
        #expect(throws: TimestampError.malformed) { try TimestampResponse(long) }
    }

    /// A changed bit either makes the response invalid or leaves all that it says as it was: the
    /// few bytes that nothing signs are encodings and certificates beside the signer's.
    @Test func noChangedBitChangesWhatItSays() throws {
        guard let sample = try Sample() else { return }
        let bytes = try sample.file("cert.tsr")
        let roots = try sample.file("ca.pem")
        let facts = try sample.response().verify(digest: sample.digest, roots: roots)
        var accepted = 0
        for index in stride(from: 0, to: bytes.count, by: 3) {
            var changed = bytes
            changed[index] ^= 1
            let response = try TimestampResponse(changed)
            guard let found = try? response.verify(digest: sample.digest, roots: roots) else {
                continue
            }
            #expect(found == facts, "byte \(index)")
            accepted += 1
        }
        // The root's certificate is in there too, and not needed; openssl takes the same ones.
        #expect(accepted < bytes.count / 15, "\(accepted) of \(bytes.count)")
    }
}
