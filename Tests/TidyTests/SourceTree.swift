// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of this project, read from the package's root.
enum SourceTree {
    /// The package's root.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Folders that are made by tools.
    private static let generated: Set<String> = [
        ".build", ".git", ".swiftpm", "__pycache__", "man", "venv",
    ]

    /// All files below a folder, as paths from the root, sorted.
    static func files(under folder: String, suffix: String = "") -> [String] {
        let start = root.appending(path: folder)
        guard
            let walk = FileManager.default.enumerator(
                at: start,
                includingPropertiesForKeys: [.isRegularFileKey]
            )
        else { return [] }
        var paths: [String] = []
        for case let url as URL in walk {
            if generated.contains(url.lastPathComponent) {
                walk.skipDescendants()
                continue
            }
            let values = try? url.resourceValues(forKeys: [.isRegularFileKey])
            // A file that vanished since it was listed is no file of ours.
            guard values?.isRegularFile == true, url.path.hasSuffix(suffix) else { continue }
            paths.append(String(url.path.dropFirst(root.path.count + 1)))
        }
        return paths.sorted()
    }

    /// All Swift files of the project.
    static var swiftFiles: [String] {
        ["Package.swift"] + files(under: "Sources", suffix: ".swift")
            + files(under: "Tests", suffix: ".swift")
    }

    /// All shell scripts of the project.
    static func shellScripts() throws -> [String] {
        try (files(under: "scripts") + files(under: ".ci")).filter { path in
            try text(path).hasPrefix("#!/usr/bin/env bash")
        }
    }

    /// The content of a file; empty for what is not UTF-8.
    static func text(_ path: String) throws -> String {
        let data = try Data(contentsOf: root.appending(path: path))
        return String(data: data, encoding: .utf8) ?? ""
    }

    /// The target a path belongs to: the folder below `Sources`.
    static func target(of path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }
}
