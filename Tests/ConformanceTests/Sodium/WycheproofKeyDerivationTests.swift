// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing

@Suite struct WycheproofKeyDerivationTests {
    private struct HKDFGroup: Decodable {
        let tests: [HKDFCase]
    }

    private struct HKDFCase: Decodable {
        let tcId: Int
        let ikm: HexBytes
        let salt: HexBytes
        let info: HexBytes
        let size: Int
        let okm: HexBytes
        let result: String
    }

    private struct MACGroup: Decodable {
        let tagSize: Int
        let tests: [MACCase]
    }

    private struct MACCase: Decodable {
        let tcId: Int
        let key: HexBytes
        let msg: HexBytes
        let tag: HexBytes
        let result: String
    }

    @Test func derivedKeysAreThoseOfWycheproof() throws {
        let file = "wycheproof/hkdf_sha256_test.json"
        guard let vectors = try SharedVectors.load(file, as: Wycheproof<HKDFGroup>.self) else {
            return
        }
        var caseCount = 0
        for test in vectors.testGroups.flatMap(\.tests) {
            caseCount += 1
            guard test.result == "valid" else {
                // Asking for more than 255 blocks is a bug of the caller, caught by a precondition.
                #expect(test.size > HKDFSHA256.outputCountMax, "case \(test.tcId)")
                continue
            }
            let key = HKDFSHA256.derive(
                secret: SecretBytes(copying: test.ikm.bytes),
                salt: test.salt.bytes,
                info: test.info.bytes,
                count: test.size
            )
            #expect(key.reveal() == test.okm.bytes, "case \(test.tcId)")
        }
        #expect(caseCount == vectors.numberOfTests)
    }

    @Test func tagsAreThoseOfWycheproof() throws {
        let file = "wycheproof/hmac_sha256_test.json"
        guard let vectors = try SharedVectors.load(file, as: Wycheproof<MACGroup>.self) else {
            return
        }
        var caseCount = 0
        for group in vectors.testGroups {
            for test in group.tests {
                caseCount += 1
                let key = SecretBytes(copying: test.key.bytes)
                // Our tags are never truncated; the vectors' shorter ones compare as prefixes.
                let tag = HMACSHA256.authenticate(test.msg.bytes, key: key)
                let prefix = Array(tag.prefix(group.tagSize / 8))
                #expect((prefix == test.tag.bytes) == (test.result == "valid"), "case \(test.tcId)")
                let isValid = HMACSHA256.isValid(tag: test.tag.bytes, of: test.msg.bytes, key: key)
                #expect(isValid == (tag == test.tag.bytes), "case \(test.tcId)")
            }
        }
        #expect(caseCount == vectors.numberOfTests)
    }
}
