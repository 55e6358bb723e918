// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing

/// Pins which signatures we accept, on the cases where implementations differ (C2SP CCTV).
@Suite struct Ed25519EdgeCaseTests {
    private struct Case: Decodable {
        let number: Int
        let key: HexBytes
        let sig: HexBytes
        let msg: String
        let flags: [String]?
    }

    /// The flags of signatures that are accepted.
    ///
    /// Refused: small-order and non-canonical A and R, and what only holds after multiplying by the
    /// cofactor. Accepted: components of low order that cancel, as RFC 8032 without cofactor does.
    private static let accepted: Set<String> = ["low_order_component_A", "low_order_component_R"]

    @Test func onlyCanonicalPointsOfLargeOrderAreAccepted() throws {
        let file = "cctv-ed25519/ed25519vectors.json"
        guard let cases = try SharedVectors.load(file, as: [Case].self) else { return }
        var validCount = 0
        for test in cases {
            let key = try Ed25519.PublicKey(test.key.bytes)
            let isValid = key.isValid(signature: test.sig.bytes, of: Array(test.msg.utf8))
            let expected = Self.accepted.isSuperset(of: test.flags ?? [])
            #expect(isValid == expected, "case \(test.number): \(test.flags ?? [])")
            validCount += isValid ? 1 : 0
        }
        #expect(cases.count == 914)
        #expect(validCount > 0)
    }
}
