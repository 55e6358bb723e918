// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Testing

@Suite struct LongArrayTests {
    /// What a document says when its array `files` passes element by element.
    private func read(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> JSONValue {
        var elements: [JSONValue] = []
        let rest = try JSONValue(canonical: bytes, limit: limit, elementsOf: "files") {
            elements.append($0)
        }
        guard var members = rest.object, !elements.isEmpty else { return rest }
        #expect(members["files"]?.array?.isEmpty == true)
        members["files"] = .array(elements)
        return .object(members)
    }

    /// Both readers take the same texts, and read the same.
    private func compare(_ bytes: [UInt8], _ place: String) {
        let whole = try? JSONValue(canonical: bytes)
        let parts = try? read(bytes)
        // What is no object has no members, and is for the other reader.
        guard whole == nil || whole?.object != nil else { return }
        #expect(whole == parts, "\(place): \(String(decoding: bytes, as: UTF8.self))")
    }

    @Test func readsAndRefusesWhatTheOtherReaderDoes() throws {
        let seed: UInt64 = 0x1011
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var members: [String: JSONValue] = ["note": "\"files\":[]", "z": ["files": [1]]]
            for _ in 0..<Int.random(in: 0..<3, using: &generator) {
                members[String(Int.random(in: 0..<99, using: &generator))] =
                    JSONValueTests.random(depth: 2, using: &generator)
            }
            let elements = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                JSONValueTests.random(depth: 2, using: &generator)
            }
            let bytes = JSONValue.canonicalBytes(of: members, with: "files", elements: elements)
            members["files"] = .array(elements)
            #expect(bytes == JSONValue.object(members).canonicalBytes, "seed \(seed)")
            let place = "seed \(seed), round \(round)"
            compare(bytes, place)
            for offset in bytes.indices {
                var changed = bytes
                changed[offset] = [0x20, 0x2c, 0x5b, 0x5d, 0x22, 0x7d, 0x31][(offset + round) % 7]
                compare(changed, place)
                changed = bytes
                changed.remove(at: offset)
                compare(changed, place)
                changed = bytes
                changed.insert([0x20, 0x2c, 0x5d, 0x0a][(offset + round) % 4], at: offset)
                compare(changed, place)
            }
        }
    }

    @Test func keepsTheLimitItIsGiven() throws {
        let bytes = Array(#"{"files":[1,2]}"#.utf8)
        _ = try read(bytes, limit: bytes.count)
        #expect(throws: EncodingError.tooLong(limit: bytes.count - 1)) {
            _ = try read(bytes, limit: bytes.count - 1)
        }
        #expect(throws: EncodingError.tooLong(limit: 3)) {
            _ = try JSONValue(parsing: bytes, limit: 3)
        }
        _ = try JSONValue(parsing: bytes, limit: bytes.count)
    }

    @Test(arguments: [
        (#"{"files":[1,1],"files":[]}"#, EncodingError.duplicateMember(offset: 15)),
        (#"{"files":[1 ,1]}"#, .notCanonical), (#"{"files":[1, 1]}"#, .notCanonical),
        (#"{"files":[1,1 ]}"#, .notCanonical), (#"{"files":[ ]}"#, .notCanonical),
        (#"{"files":[1}"#, .malformedJSON(offset: 11)), (#"{"files":[]} "#, .notCanonical),
        (#"{"files":[]}1"#, .trailingBytes(offset: 12)), ("[]", .malformedJSON(offset: 0)),
    ])
    func refuses(text: String, error: EncodingError) {
        #expect(throws: error) { _ = try read(Array(text.utf8)) }
    }
}
