// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Testing

@Suite struct AgeHeaderTests {
    private static let mac = String(repeating: "A", count: 43)

    private static func header(_ stanzas: String) -> [UInt8] {
        Array("age-encryption.org/v1\n\(stanzas)--- \(mac)\n".utf8)
    }

    @Test func headerEncodesToTheBytesItWasReadFrom() throws {
        let full = String(repeating: "A", count: 64)
        for stanzas in [
            "-> a\n\n", "-> a b c\nAAAA\n", "-> !~ \(full)\n\(full)\n\n",
            "-> a\n\(full)\n\(full)\nAA\n-> b\n\n",
        ] {
            let bytes = Self.header(stanzas)
            #expect(try AgeHeader(parsing: bytes).encoded == bytes)
        }
    }

    @Test(arguments: [
        ("", 2), ("-> \n\n", 2), ("->\n\n", 2), ("-> a \n\n", 2), ("->  a\n\n", 2),
        ("-> a\u{7f}\n\n", 2), ("-> á\n\n", 2), ("-> a\r\n\n", 2), ("-> a\nA\n", 3),
        ("-> a\nAB\n", 3), ("-> a\nAA==\n", 3), ("-> a\nAA \n", 3), ("-> a\n\n\n", 4),
        ("a\n\n", 2),
    ])
    func refusesStanza(_ stanza: String, onLine line: Int) {
        #expect(throws: AgeError.malformedHeader(line: line)) {
            try AgeHeader(parsing: Self.header(stanza))
        }
    }

    @Test(arguments: ["age-encryption.org/v2\n", "age-encryption.org/v1 \n", "Age\n", "\n"])
    func refusesOtherVersions(_ line: String) {
        #expect(throws: AgeError.malformedHeader(line: 1)) {
            try AgeHeader(parsing: Array("\(line)-> a\n\n--- \(Self.mac)\n".utf8))
        }
    }

    @Test func refusesMoreStanzasThanTheLimit() {
        let stanzas = String(repeating: "-> a\n\n", count: AgeHeader.stanzaCountMax + 1)
        #expect(throws: AgeError.headerTooLong(limit: AgeHeader.stanzaCountMax)) {
            try AgeHeader(parsing: Self.header(stanzas))
        }
    }

    @Test func refusesHeadersBeyondTheLimit() {
        let argument = String(repeating: "a", count: 2 << 20)
        #expect(throws: AgeError.headerTooLong(limit: 1 << 20)) {
            try AgeHeader(parsing: Self.header("-> \(argument)\n\n"))
        }
    }

    @Test func endlessLineIsRefusedWithoutReadingItAll() {
        var given = 0
        #expect(throws: AgeError.headerTooLong(limit: 1 << 20)) {
            let source: ByteSource = { (target: inout MutableSpan<UInt8>) in
                for index in target.indices { target[index] = UInt8(ascii: "a") }
                given += target.count
                return target.count
            }
            try AgeDecryptor(identities: []).open(from: source) { (_: Span<UInt8>) in }
        }
        #expect(given < 2 << 20)
    }

    @Test func refusesPassphraseBesideOthers() {
        #expect(throws: AgeError.passphraseNotAlone) {
            try AgeHeader(parsing: Self.header("-> scrypt a b\n\n-> X25519 c\n\n"))
        }
    }

    @Test func inspectionTellsSizesWithoutAKey() throws {
        let recipients = [X25519Identity().recipient, X25519Identity().recipient]
        for count in [0, 1, 65_536, 65_537] {
            for isArmored in [false, true] {
                let encryptor = try AgeEncryptor(recipients: recipients, armored: isArmored)
                let sealed = try encryptor.seal(TestBytes.make(count))
                let inspection = try AgeInspection(from: bytesSource(sealed))
                #expect(inspection.isArmored == isArmored)
                #expect(inspection.plaintextCount == count)
                #expect(inspection.header.stanzas.map(\.type) == ["X25519", "X25519"])
            }
        }
    }

    @Test func payloadSizesThatNoPlaintextHasAreTold() {
        #expect(PayloadLayout.plaintextCount(payloadCount: 31) == nil)
        #expect(PayloadLayout.plaintextCount(payloadCount: 32) == 0)
        for count in [1, 65_535, 65_536, 65_537, 131_072, 1_000_000] {
            let payload = PayloadLayout.payloadCount(plaintextCount: count)
            #expect(PayloadLayout.plaintextCount(payloadCount: payload) == count)
        }
        let edge = PayloadLayout.payloadCount(plaintextCount: 65_536)
        for extra in 1...16 {
            #expect(PayloadLayout.plaintextCount(payloadCount: edge + extra) == nil)
        }
    }
}
