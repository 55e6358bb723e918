// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Testing

@Suite struct EncodingTests {
    private let fixture: EscrowFixture

    init() throws {
        fixture = try EscrowFixture("encoding", threshold: 2, trusteeCount: 3)
    }

    @Test func everyFormReadsBackAsItWasWritten() throws {
        let dealing = fixture.dealing.dealing
        let share = try fixture.open(2)
        #expect(try Dealing(bytes: dealing.bytes) == dealing)
        #expect(try Dealing(json: dealing.json) == dealing)
        #expect(try OpenedShare(bytes: share.bytes) == share)
        #expect(try OpenedShare(json: share.json) == share)
        #expect(share.bytes.count == OpenedShare.byteCount)
        #expect(try EscrowContext(json: fixture.context.json) == fixture.context)
        #expect(try EscrowScope(json: fixture.scope.json) == fixture.scope)
        let trustee = fixture.context.trustees[0]
        #expect(try TrusteeEnrolment(json: trustee.json) == trustee)
        #expect(trustee.isProven(in: fixture.scope))
    }

    @Test func everyTruncationAndExtensionOfADealingIsRefused() throws {
        let bytes = fixture.dealing.dealing.bytes
        #expect(throws: EscrowError.wrongType) { try Dealing(bytes: []) }
        for count in 1..<bytes.count {
            #expect(throws: EscrowError.malformed(EscrowPlace(.object))) {
                try Dealing(bytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: EscrowError.malformed(EscrowPlace(.object))) {
            try Dealing(bytes: bytes + [0])
        }
    }

    @Test func everyFlippedBitOfADealingIsRefused() throws {
        let bytes = fixture.dealing.dealing.bytes
        for position in bytes.indices {
            for bit in [0, position % 7 + 1] {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                #expect(throws: EscrowError.self, "byte \(position), bit \(bit)") {
                    try Dealing(bytes: damaged).verified(in: fixture.context)
                }
            }
        }
    }

    @Test func everyFlippedBitOfAShareIsRefused() throws {
        let bytes = try fixture.open(3).bytes
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                #expect(throws: EscrowError.self, "byte \(position), bit \(bit)") {
                    try OpenedShare(bytes: damaged).verified(in: fixture.dealing)
                }
            }
        }
    }

    @Test func refusesTextLongerThanTheLimit() {
        let text = Array(repeating: UInt8(ascii: " "), count: (256 << 10) + 1)
        #expect(throws: EscrowError.malformed(EscrowPlace(.object))) {
            try Dealing(parsing: text)
        }
    }

    @Test func refusesAnEpochThatJSONCannotKeep() throws {
        #expect(throws: EscrowError.malformed(EscrowPlace(.epoch))) {
            try EscrowFixture.scope("epoch", epoch: EscrowScope.epochMax + 1)
        }
        let largest = try EscrowFixture.scope("epoch", epoch: EscrowScope.epochMax)
        #expect(try EscrowScope(parsing: largest.json.canonicalBytes) == largest)
        let text = largest.json.canonicalText.replacing(
            "9007199254740991",
            with: "9007199254740992"
        )
        #expect(throws: EscrowError.malformed(EscrowPlace(.object))) {
            try EscrowScope(parsing: Array(text.utf8))
        }
    }

    @Test func originsThatOnlyLookAlikeAreDifferent() throws {
        let composed = try EscrowScope(
            origins: ["caf\u{e9}"],
            switchID: [UInt8](repeating: 1, count: 32),
            ownerKey: [UInt8](repeating: 2, count: 32),
            epoch: 0
        )
        let decomposed = try EscrowScope(
            origins: ["cafe\u{301}"],
            switchID: composed.switchID,
            ownerKey: composed.ownerKey,
            epoch: 0
        )
        #expect(composed != decomposed)
    }
}
