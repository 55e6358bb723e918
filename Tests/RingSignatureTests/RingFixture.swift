// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import RingSignature
import Sodium

/// Rings and messages that are the same in every run.
struct RingFixture {
    /// Secrets in the order of their keys.
    let secrets: [[UInt8]]
    let ring: Ring

    init(_ memberCount: Int, label: UInt8 = 0) throws {
        var pairs: [(key: [UInt8], secret: [UInt8])] = []
        for index in 0..<memberCount {
            let seed = [label, UInt8(index >> 8), UInt8(index & 0xff)]
            let scalar = try Scalar(reducing: SHA512.hash(seed))
            pairs.append((Element.base(times: scalar).bytes, scalar.bytes))
        }
        pairs.sort { $0.key.lexicographicallyPrecedes($1.key) }
        secrets = pairs.map(\.secret)
        ring = try Ring(pairs.map(\.key))
    }

    func secret(_ index: Int) throws -> RingSecret {
        try RingSecret(SecretBytes(copying: secrets[index]))
    }

    static func message(
        _ act: RingAct = .vouch,
        context: UInt8 = 1,
        constituency: UInt16 = 3,
        subject: UInt8 = 2,
        epoch: UInt64 = 20264,
        slot: UInt16? = 5,
        statement: UInt8 = 9
    ) throws -> RingMessage {
        try RingMessage(
            act: act,
            context: [UInt8](repeating: context, count: 32),
            constituency: constituency,
            subject: [UInt8](repeating: subject, count: 32),
            epoch: epoch,
            slot: act.hasQuota ? slot : nil,
            statementDigest: [UInt8](repeating: statement, count: 32)
        )
    }
}
