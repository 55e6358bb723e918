// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium
import Testing

@Suite struct CombinationTests {
    /// Every subset of 1...count, as lists of indices.
    private func subsets(of count: Int) -> [[Int]] {
        (0..<(1 << count)).map { mask in
            (1...count).filter { mask >> ($0 - 1) & 1 == 1 }
        }
    }

    @Test(arguments: [(2, 2), (2, 3), (3, 3), (3, 5), (5, 5), (4, 7)])
    func exactlySubsetsOfAtLeastKTrusteesOpen(threshold: Int, trusteeCount: Int) throws {
        let fixture = try EscrowFixture("subsets", threshold: threshold, trusteeCount: trusteeCount)
        let shares = try (1...trusteeCount).map {
            try fixture.open($0).verified(in: fixture.dealing)
        }
        for subset in subsets(of: trusteeCount) {
            let chosen = subset.map { shares[$0 - 1] }
            if subset.count >= threshold {
                #expect(try fixture.dealing.combine(chosen).reveal() == fixture.seed)
                #expect(try fixture.dealing.combine(chosen.reversed()).reveal() == fixture.seed)
            } else {
                let error = EscrowError.tooFewShares(needed: threshold, actual: subset.count)
                #expect(throws: error) { try self.seed(fixture.dealing, chosen) }
            }
        }
    }

    private func seed(_ dealing: VerifiedDealing, _ shares: [VerifiedShare]) throws -> [UInt8] {
        try dealing.combine(shares).reveal()
    }

    @Test func refusesTheSameTrusteeTwice() throws {
        let fixture = try EscrowFixture("twice", threshold: 3, trusteeCount: 4)
        #expect(throws: EscrowError.duplicateIndex(2)) { try fixture.combine([2, 1, 2, 3]) }
    }

    @Test func refusesSharesOfAnotherDealing() throws {
        let fixture = try EscrowFixture("one", threshold: 2, trusteeCount: 3)
        let other = try Dealer.deal(in: fixture.context, entropy: EscrowFixture.entropy("other"))
        let shares = try [1, 2].map { index in
            try EscrowFixture.trustee("one", index).open(other.dealing).verified(in: other.dealing)
        }
        #expect(throws: EscrowError.otherDealing) { try self.seed(fixture.dealing, shares) }
        #expect(throws: EscrowError.otherDealing) {
            try shares[0].share.verified(in: fixture.dealing)
        }
    }

    @Test func everyDealingOfTheSameContextHasAnotherSecret() throws {
        let fixture = try EscrowFixture("fresh", threshold: 2, trusteeCount: 3)
        let first = try Dealer.deal(in: fixture.context)
        let second = try Dealer.deal(in: fixture.context)
        #expect(first.seed.reveal() != second.seed.reveal())
        #expect(first.dealing.digest != second.dealing.digest)
        let shares = try [1, 3].map { index in
            try EscrowFixture.trustee("fresh", index).open(first.dealing)
                .verified(in: first.dealing)
        }
        #expect(try first.dealing.combine(shares).reveal() == first.seed.reveal())
    }
}
