// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Commands
import Foundation
import Testing

@Suite struct ExampleKeysTests {
    private let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "keys-example")

    private func files(_ suffix: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == suffix }
    }

    /// The lines of a file that are no comments.
    private func content(_ file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test func everyRecipientIsKnown() throws {
        let files = try files("recipient")
        #expect(files.count == 3)
        for file in files {
            let recipient = try #require(try content(file).first)
            #expect(ExampleKeys.contains(recipient))
            #expect(!ExampleKeys.contains(recipient + "q"))
        }
    }

    @Test func everyFileIsHeadedByAWarning() throws {
        for file in try files("recipient") + files("identity") {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.hasPrefix("# WARNING: "))
            #expect(text.contains("\n# ADVERTENCIA: "))
            #expect(try content(file).count == 1)
        }
    }

    @Test func everyIdentityOpensForItsRecipient() throws {
        for file in try files("identity") {
            let result = try Binary.run(["plumbing", "age", "keygen", "-y", file.path])
            #expect(result.code == 0, "\(result.errors)")
            let recipient = file.deletingPathExtension().appendingPathExtension("recipient")
            #expect(
                try [result.output.split(separator: "\n").map(String.init)] == [content(recipient)]
            )
        }
    }
}
