// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Sodium
import Testing

@Suite struct AgeEncryptorTests {
    /// Around every edge of chunks, batches and rounds of batches.
    static let counts = [
        0, 1, 65_535, 65_536, 65_537, 131_072, 524_287, 524_288, 524_289, 1_048_576, 1_048_577,
        2_500_000,
    ]

    @Test(arguments: counts)
    func everyWayToSealOpensInEveryWay(_ count: Int) throws {
        let identity = X25519Identity()
        let plaintext = TestBytes.make(count)
        let encryptor = try AgeEncryptor(recipients: [identity.recipient])
        var streamed: [UInt8] = []
        try encryptor.seal(from: TestBytes.source(plaintext, pieces: 7777)) {
            (bytes: Span<UInt8>) throws(AgeError) in
            streamed.append(bytes)
        }
        let decryptor = AgeDecryptor(identities: [identity])
        for sealed in [try encryptor.seal(plaintext), streamed] {
            #expect(sealed.count == 168 + PayloadLayout.payloadCount(plaintextCount: count))
            #expect(try decryptor.open(sealed) == plaintext)
            var opened: [UInt8] = []
            try decryptor.open(from: TestBytes.source(sealed, pieces: 50_021)) {
                (bytes: Span<UInt8>) throws(AgeError) in
                opened.append(bytes)
            }
            #expect(opened == plaintext)
        }
    }

    @Test func refusesToSealToNobody() {
        #expect(throws: AgeError.noRecipients) { try AgeEncryptor(recipients: []) }
    }

    @Test func refusesPostQuantumBesideClassicRecipients() {
        let recipients: [any AgeRecipient] = [
            X25519Identity().recipient, HybridIdentity().recipient,
        ]
        #expect(throws: AgeError.incompatibleRecipients) {
            try AgeEncryptor(recipients: recipients)
        }
        #expect(throws: AgeError.incompatibleRecipients) {
            try AgeEncryptor(recipients: recipients.reversed())
        }
    }

    @Test func refusesPassphraseBesideAnyOther() {
        let passphrase = ScryptRecipient(
            passphrase: SecretBytes(copying: Array("solo".utf8)),
            log2N: 4
        )
        let other = ScryptRecipient(
            passphrase: SecretBytes(copying: Array("otra".utf8)),
            log2N: 4
        )
        for second in [X25519Identity().recipient, other, passphrase] as [any AgeRecipient] {
            #expect(throws: AgeError.incompatibleRecipients) {
                try AgeEncryptor(recipients: [passphrase, second])
            }
        }
    }

    @Test func everyRecipientOpensAlone() throws {
        let identities = (0..<3).map { _ in HybridIdentity() }
        let encryptor = try AgeEncryptor(recipients: identities.map(\.recipient))
        let sealed = try encryptor.seal([1, 2, 3])
        for identity in identities {
            #expect(try AgeDecryptor(identities: [identity]).open(sealed) == [1, 2, 3])
        }
        #expect(throws: AgeError.noIdentityMatched) {
            try AgeDecryptor(identities: [HybridIdentity(), X25519Identity()]).open(sealed)
        }
    }

    @Test func sameContentSealsDifferentlyEachTime() throws {
        let encryptor = try AgeEncryptor(recipients: [X25519Identity().recipient])
        #expect(try encryptor.seal([1]) != encryptor.seal([1]))
    }

    @Test func failureOfTheSinkIsThrownAsItIs() throws {
        let encryptor = try AgeEncryptor(recipients: [X25519Identity().recipient])
        var taken = 0
        #expect(throws: AgeError.sinkFailed(code: 28)) {
            try encryptor.seal(from: bytesSource(TestBytes.make(3_000_000))) {
                (bytes: Span<UInt8>) throws(AgeError) in
                taken += bytes.count
                if taken > 1_000_000 { throw AgeError.sinkFailed(code: 28) }
            }
        }
    }

    @Test func failureOfTheSourceIsThrownAsItIs() throws {
        let encryptor = try AgeEncryptor(recipients: [X25519Identity().recipient])
        var given = 0
        #expect(throws: AgeError.sourceFailed(code: 5)) {
            try encryptor.seal(
                from: { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
                    given += target.count
                    if given > 1_000_000 { throw AgeError.sourceFailed(code: 5) }
                    return target.count
                },
                to: { (_: Span<UInt8>) throws(AgeError) in }
            )
        }
    }
}
