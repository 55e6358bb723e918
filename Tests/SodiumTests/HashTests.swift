// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Sodium
import Testing

@Suite struct HashTests {
    /// 0, 1 and the sizes around the blocks of all three functions.
    private let sizes = [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000]

    private func message(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
    }

    @Test func digestsOfABCAreThoseOfTheStandards() throws {
        let abc = Array("abc".utf8)
        #expect(
            Hex.encode(BulkCrypto.SHA256.hash(abc))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            Hex.encode(SHA512.hash(abc))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        )
    }

    @Test func digestsAgreeWithPython() throws {
        let script = """
            import hashlib
            for n in \(sizes):
                m = bytes((i * 31 + 7) % 256 for i in range(n))
                print(hashlib.sha256(m).hexdigest())
                print(hashlib.sha512(m).hexdigest())
                print(hashlib.blake2b(m, digest_size=32).hexdigest())
            """
        let lines = try Tool.run("python3", ["-c", script]).split(separator: "\n")
        let expected = sizes.flatMap { count in
            let message = message(count)
            return [
                BulkCrypto.SHA256.hash(message), SHA512.hash(message), BLAKE2b256.hash(message),
            ]
            .map { Hex.encode($0) }
        }
        #expect(lines.map(String.init) == expected)
    }

    @Test func streamsGiveTheSameDigestForEverySplit() {
        let message = message(300)
        for split in [0, 1, 63, 64, 127, 128, 129, 255, 300] {
            let parts = [Array(message[..<split]), Array(message[split...])]
            var sha256 = BulkCrypto.SHA256()
            var sha512 = SHA512()
            var blake = BLAKE2b256()
            for part in parts {
                sha256.update(part.span)
                sha512.update(part)
                blake.update(part.span)
            }
            #expect(sha256.finish() == BulkCrypto.SHA256.hash(message))
            #expect(sha512.finish() == SHA512.hash(message))
            #expect(blake.finish() == BLAKE2b256.hash(message))
        }
    }

    @Test func secretsHashLikeTheirBytes() {
        let message = message(200)
        var hasher = SHA512()
        hasher.update(SecretBytes(copying: message))
        #expect(hasher.finish() == SHA512.hash(message))
    }

    @Test func expandedMessagesAreThoseOfRFC9380() {
        // RFC 9380, appendix K.3.
        let domain = Array("QUUX-V01-CS02-with-expander-SHA512-256".utf8)
        let empty = HashToRistretto.expandMessage([], domain: domain, count: 32)
        #expect(
            Hex.encode(empty) == "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"
        )
        let abc = HashToRistretto.expandMessage(Array("abc".utf8), domain: domain, count: 32)
        #expect(
            Hex.encode(abc) == "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc"
        )
    }

    @Test func domainsAbove255BytesAreHashed() {
        let domain = [UInt8](repeating: 0x41, count: 256)
        let short = SHA512.hash(Array("H2C-OVERSIZE-DST-".utf8) + domain)
        let long = HashToRistretto.expandMessage([1], domain: domain, count: 200)
        #expect(long == HashToRistretto.expandMessage([1], domain: short, count: 200))
        #expect(long.count == 200)
    }
}
