// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// Reads shared vectors of primitives, beside the package.
enum SharedVectors {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "../shared/vectors").standardizedFileURL

    /// Decodes a file; nil, said aloud, where the vectors are not checked out; a failure in CI.
    static func load<Content: Decodable>(
        _ path: String,
        as type: Content.Type = Content.self
    ) throws -> Content? {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path()) else {
            print("skipped: no vectors/\(path)")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("vectors/\(path) is missing")
            }
            return nil
        }
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}

/// Bytes that a vector file writes in hexadecimal.
struct HexBytes: Decodable, Equatable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        bytes = try Hex.decode(decoder.singleValueContainer().decode(String.self))
    }
}

/// A file of Project Wycheproof: groups of cases that share something.
struct Wycheproof<Group: Decodable>: Decodable {
    let testGroups: [Group]
    let numberOfTests: Int
}
