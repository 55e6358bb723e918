// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// The suite `REG-LSAG-R255-SHA512-v1`: its label, domains and hashes.
///
/// Spec: `docs/spec/ring-vouch.md`, section 2.
package enum RingSuite {
    /// The name of the suite, which begins every domain.
    package static let name = "REG-LSAG-R255-SHA512-v1"
    /// Bytes in a subject, an organisation, a context and a digest of a statement.
    package static let digestCount = 32

    /// A domain separation tag: the suite and a purpose.
    static func domain(_ purpose: String) -> [UInt8] {
        Array("\(name):\(purpose)".utf8)
    }

    static func bigEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        stride(from: Value.bitWidth - 8, through: 0, by: -8).map { shift in
            UInt8(truncatingIfNeeded: value >> Value(shift))
        }
    }

    /// c' = H2S(T ‖ u32be(i) ‖ L_i ‖ R_i ‖ Q_i).
    static func challenge(
        _ transcript: [UInt8],
        _ index: UInt32,
        _ commitments: [Element]
    ) -> Scalar {
        var message = transcript + bigEndian(index)
        for commitment in commitments { message += commitment.bytes }
        return Scalar(hashing: message, domain: domain("challenge"))
    }
}
