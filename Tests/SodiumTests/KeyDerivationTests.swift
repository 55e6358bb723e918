// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Testing

@Suite struct KeyDerivationTests {
    private func scrypt(
        _ passphrase: String,
        _ salt: String,
        log2N: Int,
        r: UInt32 = 8,
        p: UInt32 = 1,
        count: Int = 64
    ) throws(SodiumError) -> String {
        let key = try Scrypt.derive(
            passphrase: SecretBytes(copying: Array(passphrase.utf8)),
            salt: Array(salt.utf8),
            log2N: log2N,
            r: r,
            p: p,
            count: count
        )
        return Hex.encode(key.reveal())
    }

    @Test func scryptGivesTheKeysOfRFC7914() throws {
        #expect(
            try scrypt("", "", log2N: 4, r: 1)
                == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        )
        #expect(
            try scrypt("password", "NaCl", log2N: 10, p: 16)
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        )
    }

    @Test(arguments: [(1, 1, 1), (4, 8, 1), (10, 8, 1), (6, 3, 5)])
    func scryptAgreesWithPythonAndOpenSSL(log2N: Int, r: Int, p: Int) throws {
        let ours = try scrypt(
            "p\u{e4}ss",
            "salt",
            log2N: log2N,
            r: UInt32(r),
            p: UInt32(p),
            count: 40
        )
        let script = """
            import hashlib
            print(hashlib.scrypt('p\u{e4}ss'.encode(), salt=b'salt', n=\(1 << log2N), r=\(r),
                                 p=\(p), dklen=40).hex())
            """
        #expect(try Tool.run("python3", ["-c", script]) == ours + "\n")
        let options = [
            "pass:p\u{e4}ss", "salt:salt", "n:\(1 << log2N)", "r:\(r)", "p:\(p)",
        ]
        let output = try Tool.run(
            "openssl",
            ["kdf", "-keylen", "40"] + options.flatMap { ["-kdfopt", $0] } + ["SCRYPT"]
        )
        let theirs = output.lowercased().filter(\.isHexDigit)
        #expect(theirs == ours)
    }

    @Test func scryptRefusesParametersOutOfRange() {
        for (log2N, r, p, count) in [
            (0, 8, 1, 32), (31, 8, 1, 32), (23, 8, 1, 32), (10, 0, 1, 32), (10, 8, 0, 32),
            (10, 1025, 1, 32), (10, 8, 1025, 32), (10, 8, 1, 0), (10, 8, 1, 1025),
        ] as [(Int, UInt32, UInt32, Int)] {
            #expect(throws: SodiumError.parameterOutOfRange) {
                try scrypt("x", "y", log2N: log2N, r: r, p: p, count: count)
            }
        }
    }

    @Test(arguments: [1, 31, 32, 33, 64, 100, 8160])
    func hkdfAgreesWithOpenSSL(count: Int) throws {
        let key = HKDFSHA256.derive(
            secret: SecretBytes(copying: Array("keying material".utf8)),
            salt: Array("salt".utf8),
            info: Array("info".utf8),
            count: count
        )
        let options = ["digest:SHA256", "key:keying material", "salt:salt", "info:info"]
        let output = try Tool.run(
            "openssl",
            ["kdf", "-keylen", "\(count)"] + options.flatMap { ["-kdfopt", $0] } + ["HKDF"]
        )
        #expect(output.lowercased().filter(\.isHexDigit) == Hex.encode(key.reveal()))
    }

    @Test func anEmptySaltStandsForZeroBytes() {
        let secret = SecretBytes(copying: [1, 2, 3])
        let empty = HKDFSHA256.derive(secret: secret, salt: [], info: [], count: 32)
        let zeros = HKDFSHA256.derive(
            secret: secret,
            salt: [UInt8](repeating: 0, count: 32),
            info: [],
            count: 32
        )
        #expect(empty.reveal() == zeros.reveal())
    }

    /// Keys that the reference implementation of Argon2 gives (libargon2 through `argon2-cffi`:
    /// `hash_secret_raw(…, parallelism=1, type=ID)`).
    private static let argon2idKeys: [(String, [UInt8], KiB: Int, passes: Int, String)] = [
        (
            "password", Array("somesaltsomesalt".utf8), 65_536, 2,
            "fc33b78139231d34b71626bd6245c1d72efa190ad605c3d8166a72adcedfa2c2"
        ),
        ("", [UInt8](repeating: 0, count: 16), 8, 1, "b006c1ede0239691562b55a5d1f152b9"),
        (
            "contrase\u{f1}a", Array(0...15), 256, 3,
            "ad1d074e530cf18ef5f73077231160e903a8c5dd5b32086280d4eddcda17a0c7"
                + "6f1ef1620534cb62420d41e35342b2adfafbb448df69740937c64765e93f4e8e"
        ),
    ]

    @Test func argon2idGivesTheKeysOfTheReferenceImplementation() throws {
        for (passphrase, salt, kibibytes, passes, expected) in Self.argon2idKeys {
            let key = try Argon2id.derive(
                passphrase: SecretBytes(copying: Array(passphrase.utf8)),
                salt: salt,
                memoryBytes: kibibytes << 10,
                passes: passes,
                count: expected.utf8.count / 2
            )
            #expect(Hex.encode(key.reveal()) == expected)
        }
    }

    @Test func argon2idRefusesParametersOutOfRange() {
        for (memory, passes, count) in [
            (8191, 1, 32), (8192, 0, 32), (8192, 1, 15), (8192, 1, 1025), (8192, 1025, 32),
            (Argon2id.memoryBytesMax + 1, 1, 32),
        ] {
            #expect(throws: SodiumError.parameterOutOfRange) {
                _ = try Argon2id.derive(
                    passphrase: SecretBytes(count: 1),
                    salt: [UInt8](repeating: 0, count: 16),
                    memoryBytes: memory,
                    passes: passes,
                    count: count
                )
            }
        }
        #expect(throws: SodiumError.wrongLength(expected: 16, actual: 15)) {
            _ = try Argon2id.derive(
                passphrase: SecretBytes(count: 1),
                salt: [UInt8](repeating: 0, count: 15),
                memoryBytes: 8192,
                passes: 1,
                count: 32
            )
        }
    }
}
