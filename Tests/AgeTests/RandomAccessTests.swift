// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Testing

@Suite struct RandomAccessTests {
    /// Gives at most 30,000 bytes a call, as a slow file might.
    private static func source(_ bytes: [UInt8]) -> RandomAccessDecryptor.Source {
        { (offset: Int, target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            let count = max(0, min(30_000, target.count, bytes.count - offset))
            if count > 0 {
                target.copyToFront(bytes.span.extracting(offset..<(offset + count)))
            }
            return count
        }
    }

    private static func open(
        _ sealed: [UInt8],
        _ identity: any AgeIdentity
    ) throws -> RandomAccessDecryptor {
        try AgeDecryptor(identities: [identity])
            .randomAccess(count: sealed.count, source: source(sealed))
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func everyRangeIsTheOneOfThePlaintext(_ count: Int) throws {
        let identity = X25519Identity()
        let content = TestBytes.make(count)
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(content)
        let file = try Self.open(sealed, identity)
        #expect(file.count == count)
        let edges = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_073, count - 1, count]
            .filter { (0...count).contains($0) }
        for start in edges {
            for end in edges where end >= start {
                #expect(try file.read(start..<end) == Array(content[start..<end]))
            }
        }
        #expect(throws: AgeError.rangeOutOfBounds) { try file.read(0..<(count + 1)) }
    }

    @Test func refusesTruncatedFilesBeforeReadingAnything() throws {
        let identity = X25519Identity()
        let sealed = try AgeEncryptor(recipients: [identity.recipient])
            .seal(TestBytes.make(150_000))
        for cut in [1, 16, 17, 18_928, 18_944, 18_945, 84_480, 84_496] {
            let error = #expect(throws: AgeError.self) {
                try Self.open(Array(sealed.dropLast(cut)), identity)
            }
            #expect(error?.failureClass == .payload, "\(cut) bytes cut off")
        }
    }

    @Test func damagedChunkSpoilsOnlyItsOwnRange() throws {
        let identity = X25519Identity()
        let content = TestBytes.make(200_000)
        var sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(content)
        let payload = sealed.count - (PayloadLayout.payloadCount(plaintextCount: 200_000) - 16)
        sealed[payload + PayloadLayout.sealedChunkCount + 5] ^= 1
        let file = try Self.open(sealed, identity)
        #expect(try file.read(0..<65_536) == Array(content[0..<65_536]))
        #expect(throws: AgeError.chunkAuthenticationFailed(index: 1)) {
            try file.read(65_535..<65_537)
        }
        #expect(try file.read(131_072..<200_000) == Array(content[131_072..<200_000]))
    }
}
