// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing

@Suite struct WycheproofX25519Tests {
    private struct Group: Decodable {
        let tests: [Case]
    }

    private struct Case: Decodable {
        let tcId: Int
        let `public`: HexBytes
        let `private`: HexBytes
        let shared: HexBytes
        let flags: [String]
        let result: String
    }

    @Test func sharedSecretsAreThoseOfWycheproof() throws {
        let file = "wycheproof/x25519_test.json"
        guard let vectors = try SharedVectors.load(file, as: Wycheproof<Group>.self) else { return }
        var caseCount = 0
        for test in vectors.testGroups.flatMap(\.tests) {
            caseCount += 1
            let secret = SecretBytes(copying: test.private.bytes)
            if test.flags.contains("ZeroSharedSecret") {
                // "Acceptable" in Wycheproof; refused here, as age and RFC 7748, section 6.1, ask.
                #expect(throws: SodiumError.lowOrderPoint, "case \(test.tcId)") {
                    _ = try X25519.sharedSecret(secret, test.public.bytes)
                }
            } else {
                let shared = try X25519.sharedSecret(secret, test.public.bytes)
                #expect(shared.reveal() == test.shared.bytes, "case \(test.tcId)")
            }
        }
        #expect(caseCount == vectors.numberOfTests)
    }
}
