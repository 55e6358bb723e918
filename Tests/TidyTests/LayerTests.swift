// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct LayerTests {
    /// The modules that a Swift file imports.
    private func imports(_ path: String) throws -> [String] {
        SwiftSource(try SourceTree.text(path)).lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({ $0.hasPrefix("@") || access.contains($0) })
            else { return nil }
            // `import struct Foundation.URL` names its kind before the module.
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "let", "var",
            ]
            let named = kinds.contains(words[index + 1]) ? words.last : words[index + 1]
            return named?.split(separator: ".").first.map(String.init)
        }
    }

    private let access: Set<Substring> = [
        "internal", "package", "public", "private", "fileprivate",
    ]

    @Test func everyTargetHasARowInTheTable() {
        let targets = Set(SourceTree.files(under: "Sources").map(SourceTree.target(of:)))
        let missing = targets.filter { LayerTable.row($0) == nil }.sorted()
        #expect(missing.isEmpty)
    }

    @Test func everyTargetOfThePackageHasAFolder() throws {
        let manifest = try SourceTree.text("Package.swift")
        let folders = Set(SourceTree.files(under: "Sources").map(SourceTree.target(of:)))
        let missing = folders.filter { !manifest.contains("\"\($0)\"") }.sorted()
        #expect(missing.isEmpty, "folders that no target of Package.swift builds")
    }

    @Test func importsPointDownOrAreNamedInTheTable() throws {
        var violations: [String] = []
        for path in SourceTree.files(under: "Sources", suffix: ".swift") {
            guard let row = LayerTable.row(SourceTree.target(of: path)) else { continue }
            for module in try imports(path)
            where module != row.target && !LayerTable.allows(row, importing: module) {
                violations.append("\(path): imports \(module)")
            }
        }
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    @Test func theTableItselfPointsDown() {
        for row in LayerTable.rows {
            for module in row.besides {
                guard let other = LayerTable.row(module) else { continue }
                #expect(other.layer <= row.layer, "\(row.target) → \(module)")
            }
        }
        let names = LayerTable.rows.map(\.target)
        #expect(Set(names).count == names.count)
    }

    @Test func theTableRefusesWhatItShould() throws {
        let feed = try #require(LayerTable.row("Feed"))
        #expect(!LayerTable.allows(feed, importing: "Registry"))
        #expect(!LayerTable.allows(feed, importing: "CSodium"))
        #expect(!LayerTable.allows(feed, importing: "GRDB"))
        #expect(LayerTable.allows(feed, importing: "SnapshotFormat"))
        let age = try #require(LayerTable.row("Age"))
        #expect(!LayerTable.allows(age, importing: "Foundation"))
        #expect(!LayerTable.allows(age, importing: "Escrow"))
        let kernels = try #require(LayerTable.row("FeedKernels"))
        #expect(!LayerTable.allows(kernels, importing: "Sodium"))
    }
}
