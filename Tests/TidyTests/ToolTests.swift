// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct ToolTests {
    /// Runs a program at the root of the package, and returns its exit code and all it wrote.
    private func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = SourceTree.root
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test func swiftFormatHasNothingToSay() throws {
        let result = try run(
            ["swift", "format", "lint", "--strict", "--parallel", "--recursive"]
                + ["Package.swift", "Sources", "Tests"]
        )
        #expect(result.code == 0, "\(result.output.prefix(4000))")
        #expect(result.output.isEmpty, "\(result.output.prefix(4000))")
    }

    @Test func everyShellScriptParses() throws {
        let scripts = try SourceTree.shellScripts()
        #expect(scripts.contains("scripts/setup") && scripts.contains(".ci/run"))
        for script in scripts {
            let result = try run(["bash", "-n", script])
            #expect(result.code == 0, "\(script): \(result.output)")
        }
    }

    @Test func shellcheckHasNothingToSay() throws {
        let scripts = try SourceTree.shellScripts()
        guard try run(["which", "shellcheck"]).code == 0 else {
            print("skipped: shellcheck is not installed")
            return
        }
        let result = try run(["shellcheck"] + scripts)
        #expect(result.code == 0, "\(result.output)")
    }
}
