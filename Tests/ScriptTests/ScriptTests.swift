// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Runs the scripts of the folder `Scripts` against the built binary.
///
/// Each bug that is found adds a script. `RESGUARDO_SCRIPT=registry` runs that one alone.
@Suite struct ScriptTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let scripts: [String] = {
        let folder = root.appending(path: "Tests/ScriptTests/Scripts").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let only = ProcessInfo.processInfo.environment["RESGUARDO_SCRIPT"]
        return names.sorted().filter { name in
            name.hasSuffix(".txtar") && only.map { "\($0).txtar" == name } ?? true
        }
    }()

    /// The folder of the built binary, which is that of the running tests.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    @Test func thereAreScripts() {
        #expect(!Self.scripts.isEmpty)
    }

    @Test(arguments: scripts) func holds(_ name: String) throws {
        let url = Self.root.appending(path: "Tests/ScriptTests/Scripts/\(name)")
        let archive = ScriptArchive(try String(contentsOf: url, encoding: .utf8))
        let work = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-script-\(UUID().uuidString)")
        let programs = work.appending(path: "programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        let binary = Self.products.appending(path: "resguardo").path
        for program in ["resguardo", "age-plugin-pq"] {
            let link = programs.appending(path: program).path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: binary)
        }
        var run = try ScriptRun(archive, work: work, programs: programs, root: Self.root)
        do {
            try run.run(archive.lines)
            try FileManager.default.removeItem(at: work)
        } catch let problem as ScriptRun.Problem {
            Issue.record(
                """
                \(name):\(problem.line): \(problem.reason)
                > \(problem.command)
                -- stdout --
                \(String(decoding: run.output.suffix(2000), as: UTF8.self))
                -- stderr --
                \(String(decoding: run.errors.suffix(2000), as: UTF8.self))
                -- left in \(work.path)
                """
            )
        }
    }
}

@Suite struct ScriptArchiveTests {
    @Test func splitsScriptAndFiles() {
        let archive = ScriptArchive("exec a\n\n-- x/y --\n1\n\n-- z --\n")
        #expect(archive.lines == ["exec a", ""])
        #expect(archive.files.map(\.name) == ["x/y", "z"])
        #expect(archive.files.map(\.content) == ["1\n\n", ""])
    }

    @Test func splitsWords() {
        let words = { ScriptArchive.words($0, variables: ["A": "1 2", "B": "b"]) }
        #expect(words("  exec  a 'b c' 'it''s' # end") == ["exec", "a", "b c", "it's"])
        #expect(words("x $A ${B}c '$A' ''") == ["x", "1 2", "bc", "$A", ""])
        #expect(words("x 'open") == nil)
        #expect(words("# only") == [])
    }
}
