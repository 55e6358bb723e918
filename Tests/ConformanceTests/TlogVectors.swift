// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Finds the shared vectors of Merkle trees and tlog formats.
enum TlogVectors {
    /// Root of the package: the folder three levels above this file.
    private static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The vectors' folder; nil, said aloud, where it is not checked out; a failure in CI.
    static func folder(_ name: String) -> URL? {
        let url = packageRoot.appending(path: "../shared/vectors/\(name)").standardizedFileURL
        if FileManager.default.fileExists(atPath: url.path) { return url }
        print("skipped: no vectors/\(name)")
        if ProcessInfo.processInfo.environment["CI"] != nil {
            Issue.record("vectors/\(name) are missing")
        }
        return nil
    }

    static func bytes(_ url: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: url))
    }

    /// All files below a folder with an extension.
    static func files(below folder: URL, extension suffix: String) -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? [])
            .filter { $0.pathExtension == suffix }
            .sorted { $0.path < $1.path }
    }
}
