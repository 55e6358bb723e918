// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Encodings
import Sodium
import Testing

/// No change to a file goes unnoticed.
@Suite struct DamageTests {
    enum Kind: CaseIterable {
        case classic
        case postQuantum
        case passphrase

        func make() -> (recipient: any AgeRecipient, identity: any AgeIdentity) {
            switch self {
            case .classic:
                let identity = X25519Identity()
                return (identity.recipient, identity)
            case .postQuantum:
                let identity = HybridIdentity()
                return (identity.recipient, identity)
            case .passphrase:
                let words = Array("abc".utf8)
                return (
                    ScryptRecipient(passphrase: SecretBytes(copying: words), log2N: 1),
                    ScryptIdentity(passphrase: SecretBytes(copying: words))
                )
            }
        }
    }

    private static func failure(
        _ identity: any AgeIdentity,
        _ file: [UInt8]
    ) -> AgeError? {
        var released: [UInt8] = []
        do throws(AgeError) {
            try AgeDecryptor(identities: [identity], armor: .refused)
                .open(from: bytesSource(file)) { (bytes: Span<UInt8>) throws(AgeError) in
                    released.append(bytes)
                }
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesEveryChangeOfOneByte(_ kind: Kind) throws {
        let (recipient, identity) = kind.make()
        let sealed = try AgeEncryptor(recipients: [recipient]).seal(Array("evidencia".utf8))
        for position in sealed.indices {
            for mask in [0x01, 0x20, 0x80] as [UInt8] {
                // A work factor of many digits would only take long to refuse.
                var changed = sealed
                changed[position] ^= mask
                let failure = Self.failure(identity, changed)
                #expect(failure != nil, "byte \(position) changed by \(mask)")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesEveryTruncation(_ kind: Kind) throws {
        let (recipient, identity) = kind.make()
        let sealed = try AgeEncryptor(recipients: [recipient]).seal(Array("evidencia".utf8))
        let payload = sealed.count - PayloadLayout.payloadCount(plaintextCount: 9)
        for count in 0..<sealed.count {
            let failure = Self.failure(identity, Array(sealed.prefix(count)))
            let expected: AgeError.Class = count < payload + 16 ? .header : .payload
            #expect(failure?.failureClass == expected, "\(count) bytes of \(sealed.count)")
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesWhateverFollows(_ kind: Kind) throws {
        let (recipient, identity) = kind.make()
        let sealed = try AgeEncryptor(recipients: [recipient]).seal(Array("evidencia".utf8))
        for extra in [[0], [10], sealed] as [[UInt8]] {
            #expect(Self.failure(identity, sealed + extra)?.failureClass == .payload)
        }
    }

    @Test func refusesEveryTruncationAtChunkEdges() throws {
        let identity = X25519Identity()
        let chunks = 20
        let content = TestBytes.make(chunks * PayloadLayout.chunkCount)
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(content)
        let payload = sealed.count - chunks * PayloadLayout.sealedChunkCount
        for chunk in 0..<chunks {
            let edge = payload + chunk * PayloadLayout.sealedChunkCount
            for count in [edge - 1, edge, edge + 1, edge + 15, edge + 16, edge + 17] {
                let failure = Self.failure(identity, Array(sealed.prefix(count)))
                let expected: AgeError.Class = count < payload ? .header : .payload
                #expect(failure?.failureClass == expected, "cut at \(count)")
            }
        }
    }

    @Test func refusesChunksThatChangePlaces() throws {
        let identity = X25519Identity()
        let content = TestBytes.make(4 * PayloadLayout.chunkCount)
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(content)
        let size = PayloadLayout.sealedChunkCount
        let payload = sealed.count - 4 * size
        for first in 0..<4 {
            for second in (first + 1)..<4 {
                var changed = sealed
                for offset in 0..<size {
                    changed.swapAt(
                        payload + first * size + offset,
                        payload + second * size + offset
                    )
                }
                #expect(
                    Self.failure(identity, changed) == .chunkAuthenticationFailed(index: first)
                )
            }
        }
    }

    @Test func damagedChunkReleasesWhatComesBeforeItAndNothingElse() throws {
        let identity = X25519Identity()
        let content = TestBytes.make(30 * PayloadLayout.chunkCount)
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal(content)
        let payload = sealed.count - 30 * PayloadLayout.sealedChunkCount
        for chunk in [0, 7, 8, 15, 16, 29] {
            var changed = sealed
            changed[payload + chunk * PayloadLayout.sealedChunkCount + 99] ^= 4
            var released: [UInt8] = []
            #expect(throws: AgeError.chunkAuthenticationFailed(index: chunk)) {
                try AgeDecryptor(identities: [identity]).open(from: bytesSource(changed)) {
                    (bytes: Span<UInt8>) throws(AgeError) in
                    released.append(bytes)
                }
            }
            #expect(released == Array(content.prefix(chunk * PayloadLayout.chunkCount)))
        }
    }

    /// Armor has freedom in white space around it and in line ends: whatever is changed there, the
    /// content is the same or nothing comes out.
    @Test func changedArmorGivesTheSameContentOrNone() throws {
        let identity = X25519Identity()
        let content = Array("evidencia".utf8)
        let encryptor = try AgeEncryptor(recipients: [identity.recipient], armored: true)
        let sealed = try encryptor.seal(content)
        var accepted = 0
        for position in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[position] ^= 1 << UInt8(bit)
                // A failure is what is hoped for here.
                if let opened = try? AgeDecryptor(identities: [identity]).open(changed) {
                    #expect(opened == content, "bit \(bit) of byte \(position)")
                    accepted += 1
                }
            }
        }
        // The very last line feed may become another white space.
        #expect(accepted <= 3)
    }
}
