// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Where the shared vectors are, beside the package.
enum AgeVectors {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/vectors")

    /// The files of a folder, by name; none when the folder is absent, which fails under CI.
    static func files(in folder: String) -> [String] {
        let path = root.appending(path: folder).path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if names.isEmpty {
            print("skipped: no vectors in \(folder)")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("the vectors in \(folder) are missing")
            }
        }
        return names.filter { $0 != "README.md" }.sorted()
    }

    static func read(_ folder: String, _ name: String) throws -> [UInt8] {
        let url = root.appending(path: folder).appending(path: name)
        return [UInt8](try Data(contentsOf: url))
    }
}
