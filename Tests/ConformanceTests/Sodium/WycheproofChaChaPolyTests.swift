// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing

@Suite struct WycheproofChaChaPolyTests {
    private struct Group: Decodable {
        let ivSize: Int
        let tests: [Case]
    }

    private struct Case: Decodable {
        let tcId: Int
        let key: HexBytes
        let iv: HexBytes
        let aad: HexBytes
        let msg: HexBytes
        let ct: HexBytes
        let tag: HexBytes
        let result: String
    }

    @Test func sealingAndOpeningAreThoseOfWycheproof() throws {
        let file = "wycheproof/chacha20_poly1305_test.json"
        guard let vectors = try SharedVectors.load(file, as: Wycheproof<Group>.self) else { return }
        var caseCount = 0
        for group in vectors.testGroups {
            for test in group.tests {
                caseCount += 1
                try check(test, nonceBits: group.ivSize)
            }
        }
        #expect(caseCount == vectors.numberOfTests)
    }

    private func check(_ test: Case, nonceBits: Int) throws {
        let key = SecretBytes(copying: test.key.bytes)
        let sealed = test.ct.bytes + test.tag.bytes
        func open() throws(SodiumError) -> [UInt8] {
            let nonce = test.iv.bytes
            return try ChaChaPoly.open(
                sealed,
                key: key,
                nonce: nonce,
                authenticating: test.aad.bytes
            )
            .reveal()
        }
        switch nonceBits {
        case 96 where test.result == "valid":
            #expect(try open() == test.msg.bytes, "case \(test.tcId)")
            let again = try ChaChaPoly.seal(
                SecretBytes(copying: test.msg.bytes),
                key: key,
                nonce: test.iv.bytes,
                authenticating: test.aad.bytes
            )
            #expect(again == sealed, "case \(test.tcId)")
        case 96, 192:
            // 24 bytes name the extended algorithm here, under which the case is a forgery.
            #expect(throws: SodiumError.authenticationFailed, "case \(test.tcId)") {
                try open()
            }
        default:
            let error = SodiumError.wrongLength(expected: 12, actual: nonceBits / 8)
            #expect(throws: error, "case \(test.tcId)") { try open() }
        }
    }
}
