// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct DocumentTests {
    @Test func everyPackageHasALineInTheDependencyList() throws {
        let list = try SourceTree.text("docs/dependencies.md")
        let urls = try SourceTree.text("Package.swift").split(separator: "\n")
            .compactMap { line -> Substring? in
                let parts = line.split(separator: "\"")
                return line.contains(".package(url:") && parts.count > 1 ? parts[1] : nil
            }
        #expect(!urls.isEmpty)
        for url in urls {
            let name = url.split(separator: "/").last ?? ""
            #expect(list.contains("| \(name) |"), "docs/dependencies.md has no line for \(name)")
        }
        for name in try SourceTree.text("scripts/packages/build.apt").split(separator: "\n")
        where !name.hasPrefix("#") && name != "pkg-config" {
            #expect(list.contains(name), "docs/dependencies.md does not mention \(name)")
        }
    }

    @Test func noFileNamesAMachinesPaths() throws {
        // Spelled apart, so that this file does not find itself.
        let paths = ["/work" + "/", "/root" + "/", "/tmp" + "/w/", "/Users" + "/"]
        let folders = ["Sources", "Tests", "scripts", "docs", ".ci", "keys-example"]
        let documents = ["README.md", "CHANGELOG.md", "SECURITY.md", "Package.swift"]
        var violations: [String] = []
        for path in folders.flatMap({ SourceTree.files(under: $0) }) + documents {
            let text = try SourceTree.text(path)
            for word in paths where text.contains(word) { violations.append("\(path): \(word)") }
        }
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    @Test func everySentenceExistsInBothLanguages() throws {
        var violations: [String] = []
        for path in SourceTree.files(under: "Sources/Commands", suffix: ".swift") {
            let lines = try SourceTree.text(path).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            for (index, line) in lines.enumerated() {
                let isEmpty = ["en: \"\"", "es: \"\""].contains { empty in
                    line.contains(empty) && !line.contains(empty + "\"")
                }
                // A literal would be shown in one language only.
                let isBare = line.contains("abstract: \"") || line.contains(" help: \"")
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                if (isEmpty || isBare) && !isComment { violations.append("\(path):\(index + 1)") }
            }
        }
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    @Test func linksBetweenDocumentsLeadSomewhere() throws {
        let documents =
            ["README.md", "SECURITY.md", "CHANGELOG.md"]
            + SourceTree.files(under: "docs", suffix: ".md")
        var violations: [String] = []
        for path in documents {
            let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            for part in try SourceTree.text(path).split(separator: "](").dropFirst() {
                let target = part.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains(":"), !target.contains("\n") else {
                    continue
                }
                let file = SourceTree.root.appending(path: folder + target).path
                if !FileManager.default.fileExists(atPath: file) {
                    violations.append("\(path): \(target)")
                }
            }
        }
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }
}
