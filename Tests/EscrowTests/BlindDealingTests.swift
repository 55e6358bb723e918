// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium
import Testing

/// A dealing as strangers see it.
@Suite struct BlindDealingTests {
    private struct Fixture {
        let dealing: VerifiedDealing
        let blind: BlindDealing

        init(_ trusteeCount: Int, _ threshold: Int) throws {
            let scope = try EscrowScope(
                origins: ["log.example/a"],
                switchID: [UInt8](repeating: 1, count: 32),
                ownerKey: Ed25519.SecretKey().publicKey.bytes,
                epoch: 1
            )
            let trustees = (0..<trusteeCount).map { _ in TrusteeSecret().enrolment(in: scope) }
            let context = try EscrowContext(
                scope: scope,
                threshold: threshold,
                trustees: trustees
            )
            let entropy = SecretBytes(random: Dealer.entropyCount)
            let dealt = try Dealer.deal(in: context, entropy: entropy)
            dealing = dealt.dealing
            blind = try Dealer.blind(dealing, entropy: entropy)
        }
    }

    @Test func anybodyChecksItAndRecognisesNoTrustee() throws {
        for (n, k) in [(5, 3), (7, 4), (20, 11)] {
            let fixture = try Fixture(n, k)
            let read = try BlindDealing(bytes: fixture.blind.bytes)
            #expect(read == fixture.blind)
            try read.verify()
            #expect(read.threshold == k && read.trusteeCount == n)
            #expect(read.dealing.commitments == fixture.dealing.dealing.commitments)
            let known =
                fixture.dealing.context.trustees.map(\.key.bytes)
                + fixture.dealing.dealing.encryptedShares.map(\.bytes)
            let shown = read.keys.map(\.bytes) + read.dealing.encryptedShares.map(\.bytes)
            #expect(Set(known).isDisjoint(with: shown))
        }
    }

    @Test func everyChangedByteIsRefused() throws {
        let blind = try Fixture(5, 3).blind
        for index in blind.bytes.indices {
            var bytes = blind.bytes
            bytes[index] ^= 1
            #expect(throws: EscrowError.self, "byte \(index)") {
                try BlindDealing(bytes: bytes).verify()
            }
        }
        for count in 0..<blind.bytes.count {
            #expect(throws: EscrowError.self, "\(count) bytes") {
                try BlindDealing(bytes: Array(blind.bytes.prefix(count)))
            }
        }
    }

    @Test func theVectorsAreReproducedByteForByte() throws {
        for expected in try SpecificationVectors.load("blind").list("vectors") {
            let name = try #require(expected["name"]?.string)
            let vector = try SpecificationVectors.load(name)
            let context = try EscrowContext(json: vector.member("context"))
            let entropy = try vector.member("inputs").bytes("dealEntropy")
            let dealt = try Dealer.deal(in: context, entropy: SecretBytes(copying: entropy))
            let blind = try Dealer.blind(dealt.dealing, entropy: SecretBytes(copying: entropy))
            #expect(try blind.bytes == expected.bytes("bytes"), "\(name)")
            try BlindDealing(bytes: expected.bytes("bytes")).verify()
        }
    }

    @Test func everyDamagedVectorIsRefusedInItsClass() throws {
        let refused = try SpecificationVectors.load("blind").list("refused")
        #expect(refused.count > 20)
        for damaged in refused {
            let expected = try "refused \(#require(damaged["class"]?.string))"
            let comment = damaged["comment"]?.string ?? ""
            #expect(try Verdict.of(blind: damaged.bytes("bytes")) == expected, "\(comment)")
        }
    }

    @Test func otherEntropyProvesNothing() throws {
        let fixture = try Fixture(5, 3)
        #expect(throws: EscrowError.dealingNotProven) {
            try Dealer.blind(fixture.dealing, entropy: SecretBytes(random: 32))
        }
        #expect(throws: EscrowError.wrongType) { try BlindDealing(bytes: [2]) }
    }
}
