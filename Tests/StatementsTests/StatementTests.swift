// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Statements
import Testing

@Suite struct StatementTests {
    /// The payload of the example with one member replaced, added, or removed (`nil`).
    private func payload(
        with name: String,
        _ value: JSONValue?
    ) throws -> [UInt8] {
        var members = try #require(try JSONValue(canonical: Sample.example.payload).object)
        members[name] = value
        return JSONValue.object(members).canonicalBytes
    }

    @Test func roundTripsWithAndWithoutOptionalFields() throws {
        #expect(try Sample(payload: Sample.example.payload) == Sample.example)
        let noted = try Sample(payload: try payload(with: "note", "n"))
        #expect(noted.note == "n")
        #expect(try Sample(payload: noted.payload) == noted)
    }

    @Test func payloadIsCanonicalAndCarriesTypeAndVersion() {
        let text = String(decoding: Sample.example.payload, as: UTF8.self)
        #expect(text.hasPrefix("{\"blob\":\"AQIDBA==\",\"digest\":\"abab"))
        #expect(text.hasSuffix("\"type\":\"sample\",\"v\":1,\"word\":\"taken\"}"))
        #expect(Sample.payloadType == "application/vnd.resguardo.sample.v1+json")
    }

    @Test(arguments: ["type", "v", "name", "time", "final", "word", "digest", "blob", "parts"])
    func refusesMissingField(_ name: String) throws {
        let bytes = try payload(with: name, nil)
        #expect(throws: StatementError.missingField(name)) { try Sample(payload: bytes) }
    }

    @Test(arguments: ["type", "v", "name", "time", "final", "word", "digest", "blob", "parts"])
    func refusesFieldOfAnotherType(_ name: String) throws {
        // One value of each JSON type: four of the five are of the wrong one.
        let values: [JSONValue] = ["x", 1, true, [1], ["a": 1]]
        var refusedCount = 0
        for value in values {
            let bytes = try payload(with: name, value)
            do {
                _ = try Sample(payload: bytes)
            } catch {
                if error == .wrongType(field: name) { refusedCount += 1 }
            }
        }
        #expect(refusedCount == 4)
    }

    @Test func refusesUnknownFieldAtEveryDepth() throws {
        let top = try payload(with: "extra", 1)
        #expect(throws: StatementError.unknownField("extra")) { try Sample(payload: top) }
        let nested = try payload(with: "parts", [["index": 1, "key": "0102", "extra": 1]])
        #expect(throws: StatementError.unknownField("parts[0].extra")) {
            try Sample(payload: nested)
        }
    }

    @Test func refusesUnknownTypeAndVersion() throws {
        let type = try payload(with: "type", "other")
        #expect(throws: StatementError.unexpectedType) { try Sample(payload: type) }
        let version = try payload(with: "v", 2)
        #expect(throws: StatementError.unknownVersion) { try Sample(payload: version) }
    }

    @Test func namesTheFieldWhoseValueIsNotAllowed() throws {
        let cases: [(String, JSONValue, String)] = [
            ("name", "seventeen letters", "name"),
            ("time", -1, "time"),
            ("word", "alive", "word"),
            ("digest", "ab", "digest"),
            ("digest", .string(String(repeating: "AB", count: 32)), "digest"),
            ("blob", "AQIDBAU=", "blob"),
            ("blob", "AQI", "blob"),
            ("blob", "AR==", "blob"),
            ("parts", [], "parts"),
            (
                "parts", [["index": 1, "key": "0102"], ["index": 0, "key": "0102"]],
                "parts[1].index"
            ),
            ("parts", [["index": 1, "key": "010"]], "parts[0].key"),
        ]
        for (name, value, field) in cases {
            let bytes = try payload(with: name, value)
            #expect(throws: StatementError.invalidValue(field: field)) {
                try Sample(payload: bytes)
            }
        }
    }

    @Test func refusesNonCanonicalPayload() throws {
        let spaced = Sample.example.payload + [0x20]
        #expect(throws: StatementError.malformedPayload(.notCanonical)) {
            try Sample(payload: spaced)
        }
    }

    @Test func refusesEveryTruncation() {
        let payload = Sample.example.payload
        for count in payload.indices {
            #expect(throws: StatementError.self) {
                try Sample(payload: Array(payload.prefix(count)))
            }
        }
    }
}
