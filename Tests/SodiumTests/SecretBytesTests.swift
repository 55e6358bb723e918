// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Testing

@Suite struct SecretBytesTests {
    @Test func startsWithZerosAndKeepsWhatItIsGiven() {
        #expect(SecretBytes(count: 5).reveal() == [0, 0, 0, 0, 0])
        #expect(SecretBytes(count: 0).reveal() == [])
        #expect(SecretBytes(copying: []).count == 0)
        let secret = SecretBytes(copying: [1, 2, 3, 4])
        #expect(secret.copy().reveal() == [1, 2, 3, 4])
        #expect(secret.slice(1..<3).reveal() == [2, 3])
        #expect(secret.slice(4..<4).count == 0)
        #expect(secret.withBytes { $0[3] } == 4)
    }

    @Test func movingWipesTheSource() {
        var source: [UInt8] = [9, 8, 7]
        let secret = SecretBytes(wiping: &source)
        #expect(source.isEmpty)
        #expect(secret.reveal() == [9, 8, 7])
        var bytes: [UInt8] = [1, 2]
        wipe(&bytes)
        #expect(bytes.isEmpty)
    }

    @Test func comparesContentAndLength() {
        for (left, right) in [
            ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [1, 2, 4]), ([1, 2], [1, 2, 3]), ([], []),
        ]
            as [([UInt8], [UInt8])]
        {
            let isEqual = SecretBytes(copying: left).constantTimeEquals(SecretBytes(copying: right))
            #expect(isEqual == (left == right))
        }
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1], [1]))
        #expect(!constantTimeEqual([1], [2]))
        #expect(!constantTimeEqual([1], [1, 1]))
    }

    @Test func randomBytesDiffer() {
        #expect(SecretBytes(random: 32).reveal() != SecretBytes(random: 32).reveal())
        #expect(randomBytes(32) != randomBytes(32))
        #expect(randomBytes(0) == [])
    }

    @Test func readingBehindTheEndCrashes() async {
        await #expect(processExitsWith: .failure) {
            let secret = SecretBytes(copying: [1, 2, 3])
            let byte = unsafe secret.withUnsafeBytes { pointer in
                unsafe UnsafePointer<UInt8>(bitPattern: UInt(bitPattern: pointer) + 3)?.pointee
            }
            print(byte as Any)
        }
    }

    @Test func readingAfterTheLastOwnerIsGoneCrashes() async {
        await #expect(processExitsWith: .failure) {
            func address() -> UInt {
                let secret = SecretBytes(random: 32)
                return unsafe secret.withUnsafeBytes { UInt(bitPattern: $0) }
            }
            let byte = unsafe UnsafePointer<UInt8>(bitPattern: address())?.pointee
            print(byte as Any)
        }
    }

    @Test func writingBeforeTheStartCrashesWhenFreed() async {
        await #expect(processExitsWith: .failure) {
            var secret = SecretBytes(count: 16)
            unsafe secret.withUnsafeMutableBytes { pointer in
                unsafe (pointer - 1).pointee ^= 0xff
            }
        }
    }

    @Test func askingForMoreThanTheLimitCrashes() async {
        await #expect(processExitsWith: .failure) {
            _ = SecretBytes(count: SecretBytes.countMax + 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = HKDFSHA256.derive(
                secret: SecretBytes(count: 1),
                salt: [],
                info: [],
                count: HKDFSHA256.outputCountMax + 1
            )
        }
    }
}
