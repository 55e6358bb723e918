// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium
import Testing

@Suite struct ContextTests {
    private func trustees(_ count: Int, in scope: EscrowScope) throws -> [TrusteeEnrolment] {
        try (0..<count).map { try EscrowFixture.trustee("context", $0 + 1).enrolment(in: scope) }
    }

    @Test func thresholdIsTwoToN() throws {
        let scope = try EscrowFixture.scope("context")
        let three = try trustees(3, in: scope)
        for threshold in [-1, 0, 1, 4, 256] {
            #expect(throws: EscrowError.thresholdOutOfRange(threshold)) {
                try EscrowContext(scope: scope, threshold: threshold, trustees: three)
            }
        }
        for threshold in 2...3 {
            let context = try EscrowContext(scope: scope, threshold: threshold, trustees: three)
            #expect(context.threshold == threshold)
        }
    }

    @Test func trusteesAreTwoTo255() throws {
        let scope = try EscrowFixture.scope("context")
        let many = try trustees(256, in: scope)
        for count in [0, 1, 256] {
            #expect(throws: EscrowError.trusteeCountOutOfRange(count)) {
                try EscrowContext(scope: scope, threshold: 2, trustees: Array(many.prefix(count)))
            }
        }
        let context = try EscrowContext(scope: scope, threshold: 2, trustees: many.dropLast())
        let dealt = try Dealer.deal(in: context)
        let shares = try [255, 1].map { index in
            try EscrowFixture.trustee("context", index).open(dealt.dealing)
                .verified(in: dealt.dealing)
        }
        #expect(try dealt.dealing.combine(shares).reveal() == dealt.seed.reveal())
        #expect(context.json.canonicalBytes.count < 128 << 10)
    }

    @Test func everyPartOfTheContextChangesItsDigest() throws {
        let scope = try EscrowFixture.scope("context")
        let base = try EscrowContext(scope: scope, threshold: 2, trustees: trustees(3, in: scope))
        let swapped = try EscrowContext(
            scope: scope,
            threshold: 2,
            trustees: [base.trustees[1], base.trustees[0], base.trustees[2]]
        )
        let fewer = try EscrowContext(
            scope: scope,
            threshold: 2,
            trustees: Array(base.trustees.dropLast())
        )
        let stricter = try EscrowContext(scope: scope, threshold: 3, trustees: base.trustees)
        var digests = [base, swapped, fewer, stricter].map(\.digest)
        let id = [UInt8](repeating: 9, count: 32)
        let scopes = [
            scope,
            try EscrowFixture.scope("context", epoch: 2),
            try EscrowScope(
                origins: ["a"],
                switchID: scope.switchID,
                ownerKey: scope.ownerKey,
                epoch: 1
            ),
            try EscrowScope(
                origins: scope.origins,
                switchID: id,
                ownerKey: scope.ownerKey,
                epoch: 1
            ),
            try EscrowScope(
                origins: scope.origins,
                switchID: scope.switchID,
                ownerKey: id,
                epoch: 1
            ),
            try EscrowScope(
                origins: ["b", "c"],
                switchID: scope.switchID,
                ownerKey: scope.ownerKey,
                epoch: 1
            ),
            try EscrowScope(
                origins: ["bc"],
                switchID: scope.switchID,
                ownerKey: scope.ownerKey,
                epoch: 1
            ),
        ]
        digests += scopes.map(\.digest)
        #expect(Set(digests).count == digests.count)
        #expect(throws: EscrowError.otherContext) {
            try Dealer.deal(in: base).dealing.dealing.verified(in: swapped)
        }
    }

    @Test func refusesATrusteeTwiceAndAnUnprovenOne() throws {
        let scope = try EscrowFixture.scope("context")
        let list = try trustees(2, in: scope)
        #expect(throws: EscrowError.duplicateTrusteeKey(first: 1, second: 3)) {
            try EscrowContext(scope: scope, threshold: 2, trustees: list + [list[0]])
        }
        let elsewhere = try EscrowFixture.trustee("context", 3)
            .enrolment(in: EscrowFixture.scope("elsewhere"))
        #expect(throws: EscrowError.possessionNotProven(index: 3)) {
            try EscrowContext(scope: scope, threshold: 2, trustees: list + [elsewhere])
        }
    }

    @Test func refusesEntropyOfAnotherLength() throws {
        let fixture = try EscrowFixture("entropy", threshold: 2, trusteeCount: 2)
        let place = EscrowPlace(.secret)
        #expect(throws: EscrowError.wrongLength(place, expected: 32, actual: 16)) {
            _ = try Dealer.deal(in: fixture.context, entropy: SecretBytes(count: 16))
        }
    }
}
