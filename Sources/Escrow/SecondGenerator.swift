// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

extension Element {
    /// G2, the generator under which the dealer commits.
    ///
    /// Nobody knows its logarithm to the base B, since it is the one-way map of a hash:
    /// `map(SHA-512("resguardo/escrow/v1/second-generator"))`.
    ///
    /// Spec: `docs/spec/escrow.md`, section 2; RFC 9496, section 4.3.4.
    static let secondGenerator: Element = {
        do {
            return try Element(mapping: SHA512.hash(EscrowLabel.secondGenerator.text))
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }()
}
