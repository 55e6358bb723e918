// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import RingSignature
import Sodium
import Testing

@Suite struct RingTests {
    @Test func refusesWhatIsNoRing() throws {
        let keys = try RingFixture(3).ring.members.map(\.bytes)
        #expect(throws: RingRefusal.wrongMemberCount) { try Ring([]) }
        #expect(throws: RingRefusal.unsortedRing) { try Ring(keys.reversed()) }
        #expect(throws: RingRefusal.unsortedRing) { try Ring([keys[0], keys[0], keys[1]]) }
        #expect(throws: RingRefusal.invalidElement) {
            try Ring([[UInt8](repeating: 0, count: 32)] + keys)
        }
        #expect(throws: RingRefusal.invalidElement) {
            try Ring(keys + [[UInt8](repeating: 0xff, count: 32)])
        }
        #expect(throws: RingRefusal.invalidElement) { try Ring([Array(keys[0].dropLast())]) }
        let tooMany = [[UInt8]](repeating: keys[0], count: Ring.memberCountMax + 1)
        #expect(throws: RingRefusal.wrongMemberCount) { try Ring(tooMany) }
    }

    @Test func digestDependsOnEveryMember() throws {
        let keys = try RingFixture(5).ring.members.map(\.bytes)
        var digests: Set<[UInt8]> = [try Ring(keys).digest]
        for left in keys.indices {
            var fewer = keys
            fewer.remove(at: left)
            digests.insert(try Ring(fewer).digest)
        }
        #expect(digests.count == 6)
    }

    @Test func smallRingsAndManyVouchesAreUnsafe() {
        for members in 0...70 {
            for vouches in 0...20 {
                let isSafe = members >= 12 && vouches * 4 <= members
                let isAccepted =
                    (try? RingSafety.check(memberCount: members, vouchCount: vouches)) != nil
                #expect(isAccepted == isSafe, "\(vouches) of \(members)")
            }
        }
    }

    @Test func secretsReadBackFromText() throws {
        let secret = try RingFixture(1).secret(0)
        let text = secret.text()
        #expect(String(decoding: text.reveal(), as: UTF8.self).hasPrefix("RESGUARDO-RING-SECRET-1"))
        let again = try RingSecret(text: text)
        #expect(again.key == secret.key)
        var wrong = text.reveal()
        wrong[30] = wrong[30] == UInt8(ascii: "Q") ? UInt8(ascii: "P") : UInt8(ascii: "Q")
        #expect(refusal(wrong) == .malformed)
        #expect(refusal(Array("RESGUARDO".utf8)) == .malformed)
    }

    private func refusal(_ text: [UInt8]) -> RingRefusal? {
        do throws(RingRefusal) {
            _ = try RingSecret(text: SecretBytes(copying: text))
            return nil
        } catch {
            return error
        }
    }

    @Test func zeroAndUnreducedSecretsAreRefused() {
        for bytes in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), [1]] {
            var isRefused = false
            do throws(RingRefusal) {
                _ = try RingSecret(SecretBytes(copying: bytes))
            } catch {
                isRefused = error == .invalidScalar
            }
            #expect(isRefused)
        }
    }

    @Test func withdrawalKeysAreOneForEachSubjectAndEpoch() throws {
        let fixture = try RingFixture(2)
        var keys: Set<[UInt8]> = []
        for member in 0..<2 {
            for subject in [UInt8(1), 2] {
                for epoch in [UInt64(7), 8] {
                    let key = try fixture.secret(member).withdrawalKey(
                        context: [UInt8](repeating: 4, count: 32),
                        subject: [UInt8](repeating: subject, count: 32),
                        epoch: epoch
                    )
                    keys.insert(key.publicKey.bytes)
                }
            }
        }
        #expect(keys.count == 8)
    }
}
