// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Testing

@Suite struct EnvelopeTests {
    @Test func signedBytesAreThoseOfTheSpecification() throws {
        // DSSE protocol.md, "Test vectors": the encoding of "http://example.com/HelloWorld".
        let envelope = try Envelope(
            unsigned: Array("hello world".utf8),
            payloadType: "http://example.com/HelloWorld"
        )
        let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        #expect(envelope.signedBytes == Array(expected.utf8))
    }

    @Test func roundTripsWithOneAndWithSeveralSignatures() throws {
        var envelope = try Sample.example.signed(by: testKey(1))
        #expect(try Envelope(canonical: envelope.bytes) == envelope)
        for byte: UInt8 in [2, 3, 4] {
            try envelope.sign(with: testKey(byte))
        }
        #expect(envelope.signatures.count == 4)
        #expect(try Envelope(canonical: envelope.bytes) == envelope)
        let keys = try [testKey(4).publicKey, testKey(9).publicKey, testKey(2).publicKey]
        #expect(try envelope.verify(keys: keys, threshold: 2) == [keys[0], keys[2]])
        #expect(throws: StatementError.notEnoughSignatures(needed: 3, valid: 2)) {
            try envelope.verify(keys: keys, threshold: 3)
        }
        #expect(try envelope.open(Sample.self, signedBy: keys) == Sample.example)
    }

    @Test func aKeyCountsOnceHoweverOftenItSignsOrIsNamed() throws {
        var envelope = try Sample.example.signed(by: testKey(1))
        try envelope.sign(with: testKey(1))
        #expect(envelope.signatures.count == 1)
        let key = try testKey(1).publicKey
        #expect(throws: StatementError.notEnoughSignatures(needed: 2, valid: 1)) {
            try envelope.verify(keys: [key, key], threshold: 2)
        }
    }

    @Test func orderOfSigningDoesNotShow() throws {
        var left = try Sample.example.signed(by: testKey(1))
        try left.sign(with: testKey(2))
        var right = try Sample.example.signed(by: testKey(2))
        try right.merge(try Sample.example.signed(by: testKey(1)))
        #expect(left.bytes == right.bytes)
        #expect(left.digest == right.digest)
    }

    @Test func mergeRefusesSignaturesOverSomethingElse() throws {
        var envelope = try Sample.example.signed(by: testKey(1))
        let other = try Envelope(unsigned: Sample.example.payload, payloadType: "text/plain")
        #expect(throws: StatementError.payloadTypeMismatch) { try envelope.merge(other) }
    }

    @Test func refusesPayloadUnderAnotherType() throws {
        var envelope = try Envelope(
            unsigned: Sample.example.payload,
            payloadType: "application/vnd.resguardo.other.v1+json"
        )
        let key = try testKey(1)
        try envelope.sign(with: key)
        #expect(throws: StatementError.payloadTypeMismatch) {
            try envelope.open(Sample.self, signedBy: [key.publicKey])
        }
        #expect(throws: StatementError.payloadTypeMismatch) { try envelope.kind() }
    }

    @Test func kindNamesTypeAndVersion() throws {
        let kind = try Sample.example.signed(by: testKey(1)).kind()
        #expect(kind == ("sample", 1))
    }

    @Test func everyChangedCharacterIsRefused() throws {
        let key = try testKey(1)
        let envelope = try Sample.example.signed(by: key)
        let bytes = envelope.bytes
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x20] {
                var changed = bytes
                changed[index] ^= flip
                #expect(throws: StatementError.self, "byte \(index)") {
                    let read = try Envelope(canonical: changed)
                    _ = try read.open(Sample.self, signedBy: [key.publicKey])
                }
            }
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try Sample.example.signed(by: testKey(1)).bytes
        for count in bytes.indices {
            #expect(throws: StatementError.self) {
                try Envelope(canonical: Array(bytes.prefix(count)))
            }
        }
    }

    @Test func refusesListsThatAreEmptyUnsortedOrRepeated() throws {
        var envelope = try Sample.example.signed(by: testKey(1))
        try envelope.sign(with: testKey(2))
        var members = try #require(envelope.json.object)
        let list = try #require(members["signatures"]?.array)
        let refused: [([JSONValue], StatementError)] = [
            ([], .invalidValue(field: "signatures")),
            (Array(list.reversed()), .invalidSignatureList),
            ([list[0], list[0]], .invalidSignatureList),
            (Array(repeating: list[0], count: 33), .invalidValue(field: "signatures")),
        ]
        for (signatures, error) in refused {
            members["signatures"] = .array(signatures)
            let bytes = JSONValue.object(members).canonicalBytes
            #expect(throws: error) { try Envelope(canonical: bytes) }
        }
    }

    @Test func refusesUnknownMembersAndShortSignatures() throws {
        let envelope = try Sample.example.signed(by: testKey(1))
        var members = try #require(envelope.json.object)
        members["extra"] = 1
        let extra = JSONValue.object(members).canonicalBytes
        #expect(throws: StatementError.unknownField("extra")) { try Envelope(canonical: extra) }
        members["extra"] = nil
        members["signatures"] = [
            ["keyid": .string(envelope.signatures[0].keyID), "sig": "AAAA"]
        ]
        let short = JSONValue.object(members).canonicalBytes
        #expect(throws: StatementError.invalidValue(field: "signatures[0].sig")) {
            try Envelope(canonical: short)
        }
    }

    @Test func lenientReaderTakesWhiteSpaceThatTheStrictOneRefuses() throws {
        let envelope = try Sample.example.signed(by: testKey(1))
        let spaced = Array("\n".utf8) + envelope.bytes + Array(" \n".utf8)
        #expect(try Envelope(parsing: spaced) == envelope)
        #expect(throws: StatementError.malformedEnvelope(.notCanonical)) {
            try Envelope(canonical: spaced)
        }
    }

    @Test func refusesWhatDoesNotFitALogEntry() throws {
        let key = try testKey(1)
        // 49 000 bytes are 65 336 in base64: with the rest of the envelope just too long.
        var envelope = try Envelope(
            unsigned: [UInt8](repeating: 0x61, count: 49_000),
            payloadType: "text/plain"
        )
        #expect(throws: StatementError.tooLong(limit: 65_535)) { try envelope.sign(with: key) }
        #expect(throws: StatementError.tooLong(limit: 65_535)) {
            try Envelope(canonical: [UInt8](repeating: 0x20, count: 65_536))
        }
    }

    @Test func refusesPayloadTypesThatAreNotPrintable() {
        for type in ["", "a b", "ñ", String(repeating: "x", count: 129)] {
            #expect(throws: StatementError.invalidValue(field: "payloadType")) {
                try Envelope(unsigned: [], payloadType: type)
            }
        }
    }
}
