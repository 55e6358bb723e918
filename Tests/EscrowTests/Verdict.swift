// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium

/// The whole check of a transcript in the words of `scripts/verify/escrow.py batch`.
enum Verdict {
    static func of(context: [UInt8], dealing: [UInt8], shares: [[UInt8]]) -> String {
        do {
            let context = try EscrowContext(parsing: context)
            let dealing = try Dealing(parsing: dealing).verified(in: context)
            var verified: [VerifiedShare] = []
            for share in shares {
                verified.append(try OpenedShare(parsing: share).verified(in: dealing))
            }
            guard !verified.isEmpty else { return "ok" }
            return "ok \(Hex.encode(try dealing.combine(verified).reveal()))"
        } catch {
            return "refused \(error.failureClass)"
        }
    }

    /// The same of a blinded dealing in its binary form.
    static func of(blind bytes: [UInt8]) -> String {
        do {
            let dealing = try BlindDealing(bytes: bytes)
            try dealing.verify()
            return "ok \(dealing.threshold) \(dealing.trusteeCount)"
        } catch {
            return "refused \(error.failureClass)"
        }
    }
}
