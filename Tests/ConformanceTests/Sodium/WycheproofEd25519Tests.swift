// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing

@Suite struct WycheproofEd25519Tests {
    private struct Group: Decodable {
        struct Key: Decodable {
            let pk: HexBytes
        }

        let publicKey: Key
        let tests: [Case]
    }

    private struct Case: Decodable {
        let tcId: Int
        let msg: HexBytes
        let sig: HexBytes
        let result: String
    }

    @Test func verdictsOnSignaturesAreThoseOfWycheproof() throws {
        let file = "wycheproof/ed25519_test.json"
        guard let vectors = try SharedVectors.load(file, as: Wycheproof<Group>.self) else { return }
        var caseCount = 0
        for group in vectors.testGroups {
            let key = try Ed25519.PublicKey(group.publicKey.pk.bytes)
            for test in group.tests {
                caseCount += 1
                let isValid = key.isValid(signature: test.sig.bytes, of: test.msg.bytes)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
            }
        }
        #expect(caseCount == vectors.numberOfTests)
    }
}
