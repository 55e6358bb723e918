// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// The vectors that the specification publishes; `scripts/verify/escrow.py` wrote them.
enum SpecificationVectors {
    static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func load(_ name: String) throws -> JSONValue {
        let file = packageRoot.appending(path: "docs/spec/vectors/escrow-\(name).json")
        return try JSONValue(parsing: Array(Data(contentsOf: file)))
    }
}

extension JSONValue {
    /// The member, which has to exist.
    func member(_ name: String) throws -> JSONValue {
        try #require(self[name], "no member \(name)")
    }

    /// The bytes of a hexadecimal member.
    func bytes(_ name: String) throws -> [UInt8] {
        try Hex.decode(#require(self[name]?.string, "no text in \(name)"))
    }

    /// The elements of a member.
    func list(_ name: String) throws -> [JSONValue] {
        try #require(self[name]?.array, "no list in \(name)")
    }

    /// The bytes of a member that is a list of hexadecimal texts.
    func byteList(_ name: String) throws -> [[UInt8]] {
        try list(name).map { try Hex.decode(#require($0.string)) }
    }
}
