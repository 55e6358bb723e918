// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct StyleTests {
    private static let fileLinesMax = 500
    private static let functionLinesMax = 70
    private static let columnsMax = 100

    private func report(_ violations: [String]) -> Comment {
        Comment(rawValue: violations.joined(separator: "\n"))
    }

    @Test func everySwiftFileHasTheTwoLineHeader() throws {
        let header = [
            "// Copyright the Resguardo authors.", "// SPDX-License-Identifier: Apache-2.0",
        ]
        let violations = try SourceTree.swiftFiles.filter { path in
            let lines = try SourceTree.text(path).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            // SwiftPM wants the tools version on a manifest's first line.
            let skipped = "/\(path)".hasSuffix("/Package.swift") ? 1 : 0
            return lines.dropFirst(skipped).prefix(2).map(String.init) != header
        }
        #expect(violations.isEmpty, report(violations))
    }

    @Test func filesFunctionsAndLinesAreShort() throws {
        var violations: [String] = []
        for path in SourceTree.swiftFiles {
            let text = try SourceTree.text(path)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count - 1 > Self.fileLinesMax {
                violations.append("\(path): \(lines.count - 1) lines")
            }
            for (index, line) in lines.enumerated() where line.count > Self.columnsMax {
                violations.append("\(path):\(index + 1): \(line.count) columns")
            }
            for function in SwiftSource(text).functions
            where function.lineCount > Self.functionLinesMax {
                violations.append(
                    "\(path):\(function.line): a function of \(function.lineCount) lines"
                )
            }
        }
        #expect(violations.isEmpty, report(violations))
    }

    @Test func bannedWordsDoNotAppear() throws {
        // In code, with the targets that may use them all the same.
        let banned: [(word: String, allowed: Set<String>)] = [
            ("try!", []), ("as!", []), ("fatalError(", []), ("Task.detached", []),
            ("nonisolated(unsafe)", []), ("@unchecked Sendable", ["Sodium"]),
        ]
        var violations: [String] = []
        for path in SourceTree.swiftFiles {
            let target = SourceTree.target(of: path)
            for (index, line) in SwiftSource(try SourceTree.text(path)).lines.enumerated() {
                for (word, allowed) in banned
                where line.contains(word) && !allowed.contains(target) {
                    violations.append("\(path):\(index + 1): \(word)")
                }
            }
        }
        #expect(violations.isEmpty, report(violations))
    }

    @Test func nothingIsLeftForLater() throws {
        // Spelled apart, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME"]
        var violations: [String] = []
        for path in SourceTree.swiftFiles {
            let text = try SourceTree.text(path)
            for mark in marks where text.contains(mark) { violations.append("\(path): \(mark)") }
        }
        #expect(violations.isEmpty, report(violations))
    }

    @Test func lowerLayersTakeTimeAndChanceFromTheirCaller() throws {
        let banned = [
            "Date()", "Date.now", "Task.sleep", "SystemRandomNumberGenerator",
            "ContinuousClock.now",
        ]
        var violations: [String] = []
        for path in SourceTree.files(under: "Sources", suffix: ".swift") {
            guard let row = LayerTable.row(SourceTree.target(of: path)), row.layer < 3 else {
                continue
            }
            for (index, line) in SwiftSource(try SourceTree.text(path)).lines.enumerated() {
                for word in banned where line.contains(word) {
                    violations.append("\(path):\(index + 1): \(word)")
                }
            }
        }
        #expect(violations.isEmpty, report(violations))
    }

    @Test func nothingIsPublic() throws {
        var violations: [String] = []
        for path in SourceTree.files(under: "Sources", suffix: ".swift") {
            for (index, line) in SwiftSource(try SourceTree.text(path)).lines.enumerated()
            where line.split(separator: " ").contains("public") {
                violations.append("\(path):\(index + 1)")
            }
        }
        #expect(violations.isEmpty, report(violations))
    }
}
