// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Statements
import Switch
import Testing

/// The entry that stands for a statement, as `scripts/verify/switch_vectors.py` computed it from
/// `docs/spec/node.md` alone.
@Suite struct LeafVectorTests {
    @Test func theLeafIsThatOfTheSpecification() throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/spec/vectors/switch-statements.json")
        let vector = try #require(try JSONValue(parsing: Array(Data(contentsOf: file)))["leaf"])
        func text(_ name: String) throws -> String { try #require(vector[name]?.string) }
        let capability = try #require(SwitchCapability(Hex.decode(text("capability"))))
        let envelope = try Envelope(canonical: Array(text("envelope").utf8))
        let entry = try capability.entry(of: envelope, origin: text("origin"))
        #expect(try Hex.encode(entry) == text("leaf"))
    }
}
