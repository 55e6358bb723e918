// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Escrow
import Sodium

/// Deterministic escrows for tests: the same seed gives the same keys, context and dealing.
///
/// `scripts/verify/escrow.py` and `docs/spec/vectors` derive their inputs in the same way.
struct EscrowFixture {
    let scope: EscrowScope
    let context: EscrowContext
    let dealing: VerifiedDealing
    let seed: [UInt8]
    let name: String

    init(_ name: String, threshold: Int, trusteeCount: Int, epoch: UInt64 = 1) throws {
        self.name = name
        scope = try Self.scope(name, epoch: epoch)
        var trustees: [TrusteeEnrolment] = []
        for index in 1...trusteeCount {
            let secret = try Self.trustee(name, index)
            trustees.append(
                secret.enrolment(in: scope, entropy: Self.entropy("\(name)/enrol/\(index)"))
            )
        }
        context = try EscrowContext(scope: scope, threshold: threshold, trustees: trustees)
        let dealt = try Dealer.deal(in: context, entropy: Self.entropy("\(name)/deal"))
        dealing = dealt.dealing
        seed = dealt.seed.reveal()
    }

    static func scope(_ name: String, epoch: UInt64 = 1) throws -> EscrowScope {
        try EscrowScope(
            origins: ["log-a.example/\(name)", "log-b.example/\(name)"],
            switchID: SHA256.hash(Array("\(name)/switch".utf8)),
            ownerKey: SHA256.hash(Array("\(name)/owner".utf8)),
            epoch: epoch
        )
    }

    static func entropy(_ label: String) -> SecretBytes {
        SecretBytes(copying: SHA256.hash(Array(label.utf8)))
    }

    static func trustee(_ name: String, _ index: Int) throws -> TrusteeSecret {
        let scalar = try Scalar(reducing: SHA512.hash(Array("\(name)/trustee/\(index)".utf8)))
        return try TrusteeSecret(SecretBytes(copying: scalar.bytes))
    }

    func open(_ index: Int) throws -> OpenedShare {
        try Self.trustee(name, index).open(
            dealing,
            entropy: Self.entropy("\(name)/open/\(index)")
        )
    }

    func combine(_ indices: [Int]) throws -> [UInt8] {
        try dealing.combine(indices.map { try open($0).verified(in: dealing) }).reveal()
    }
}
