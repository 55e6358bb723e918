// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import RingSignature
import Sodium
import Testing

/// Measures for `Tests/Benchmarks/ring/run`; nothing is asserted about time.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["RESGUARDO_BENCHMARK_RING"] != nil))
struct RingBenchmark {
    @Test func signsAndVerifies() throws {
        let fixture = try RingFixture(64)
        let message = try RingFixture.message()
        let secret = try fixture.secret(20)
        let signature = try secret.sign(message, in: fixture.ring)
        let key = fixture.ring.members[3]
        let scalar = try Scalar(reducing: SHA512.hash([1]))
        // Verifying multiplies the generator once and other elements five times for each member.
        let bare = {
            for _ in 0..<64 {
                _ = Element.base(times: scalar)
                for _ in 0..<5 { _ = scalar * key }
            }
        }
        report("bare multiplications, n = 64", 5, bare)
        try report("sign, n = 64", 5) { _ = try secret.sign(message, in: fixture.ring) }
        try report("verify, n = 64", 5) { try signature.verify(message, by: fixture.ring) }
        let claim = RingClaim(message: message, ring: fixture.ring, signature: signature)
        let claims = [RingClaim](repeating: claim, count: 300)
        try report("300 one after the other", 3) {
            for claim in claims { try claim.signature.verify(claim.message, by: claim.ring) }
        }
        report("300 on all cores", 3) { _ = RingClaim.verify(claims) }
        var junk = signature.bytes
        junk.replaceSubrange(32 * 64..<32 * 65, with: [UInt8](repeating: 0xff, count: 32))
        report("1 000 000 with a bad last scalar", 3) {
            for _ in 0..<1_000_000 {
                _ = try? RingSignature(junk, memberCount: 64, act: .vouch)
            }
        }
    }

    /// Prints the median wall time.
    private func report(_ name: String, _ rounds: Int, _ body: () throws -> Void) rethrows {
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            try body()
            times.append(ContinuousClock.now - start)
        }
        print("| \(name) | \(times.sorted()[rounds / 2]) |")
    }
}
