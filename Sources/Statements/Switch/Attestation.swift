// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What a trustee found out about the owner.
///
/// Signed by the trustee's signing key. The newest of each trustee counts.
///
/// Spec: `docs/spec/switch.md`, section 3.6.
package struct Attestation: TrusteeStatement {
    package static let type = "switch-attestation"
    package static let version: Int64 = 1

    /// What can be said.
    ///
    /// Prison is not death, and not knowing is an answer.
    package enum Verdict: String, CaseIterable, Sendable {
        /// Spoken with, and free.
        case alive
        /// Arrested, abducted or missing by force.
        case taken
        /// Dead.
        case dead
        /// Asked for and not found out.
        case unknown
    }

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Who says it.
    package let trustee: TrusteeNumber
    /// Counts this trustee's attestations from 1: an older one that comes late is ignored.
    package let number: Int64
    /// What is said.
    package let verdict: Verdict
    /// SHA-256 of what it rests on (a death notice, a warrant), kept by the trustee.
    package let evidenceDigest: [UInt8]?

    /// Makes an attestation.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        number: Int64,
        verdict: Verdict,
        evidenceDigest: [UInt8]?
    ) {
        self.epoch = epoch
        self.trustee = trustee
        self.number = number
        self.verdict = verdict
        self.evidenceDigest = evidenceDigest
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        number = try fields.integer("number", in: 1...JSONValue.integerMax)
        verdict = try fields.word("verdict")
        evidenceDigest =
            fields.has("evidenceDigest") ? try fields.hex("evidenceDigest", count: 32) : nil
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "trustee": .integer(Int64(trustee.value)), "number": .integer(number),
            "verdict": .string(verdict.rawValue),
        ]
        if let evidenceDigest { members["evidenceDigest"] = .string(Hex.encode(evidenceDigest)) }
        return epoch.json(adding: members)
    }
}
