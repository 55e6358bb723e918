// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// What is promised of every command, held against every command that exists.
@Suite struct AllCommandsTests {
    /// Commands that without arguments do long work, on purpose.
    private static let working: Set<String> = ["demo", "serve", "witness serve"]

    @Test func thereAreCommands() {
        #expect(Leaf.all.count > 0)
    }

    @Test(arguments: Leaf.all) func takesTheGlobalOptions(_ command: Leaf) {
        let missing = Set(["home", "json", "quiet", "lang", "no-color", "help"])
            .subtracting(command.options)
        #expect(missing.isEmpty)
    }

    @Test(arguments: Leaf.all) func explainsItselfInBothLanguages(_ command: Leaf) throws {
        let english = try Binary.run(command.path + ["--lang", "en", "--help"])
        let spanish = try Binary.run(
            command.path + ["--help"],
            environment: ["LC_ALL": "", "LANG": "es"]
        )
        for result in [english, spanish] {
            #expect(result.code == 0)
            #expect(result.errors.isEmpty)
        }
        #expect(english.output.contains("\nOPTIONS:\n"))
        #expect(spanish.output.contains("\nOPCIONES:\n"))
        #expect(english.output.hasPrefix("OVERVIEW: "))
        let abstracts = [english, spanish].map { result in
            result.output.prefix { $0 != "\n" }.replacing("OVERVIEW: ", with: "")
        }
        #expect(abstracts[0] != abstracts[1])
    }

    @Test(arguments: Leaf.all) func namesValuesInTheLanguageOfThePerson(_ command: Leaf) throws {
        let same: Set<String> = ["es|en", "id", "k", "left|right", "url"]
        let names = try ["en", "es"].map { language in
            let help = try Binary.run(command.path + ["--help", "--lang", language]).output
            return Set(help.matches(of: /<([^>]+)>/).map { String($0.output.1) })
        }
        #expect(names[0].intersection(names[1]).subtracting(same).isEmpty)
    }

    @Test(arguments: Leaf.all) func refusesAnUnknownOption(_ command: Leaf) throws {
        for extra in [[], ["--json"]] {
            let result = try Binary.run(command.path + ["--no-such-option"] + extra)
            #expect(result.code == 2)
            #expect(result.output.isEmpty)
            let lines = result.errors.split(separator: "\n")
            #expect(lines.first?.hasPrefix("resguardo: error: ") == true)
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("resguardo: hint: ") })
        }
    }

    @Test(arguments: Leaf.all) func putsOneDocumentOnStandardOutputOrNothing(
        _ command: Leaf
    ) throws {
        guard !Self.working.contains(command.path.joined(separator: " ")) else { return }
        let result = try Binary.run(command.path + ["--json", "--quiet"])
        #expect((0...7).contains(result.code), "\(result.errors)")
        if result.code == 0 || !result.output.isEmpty {
            #expect(throws: Never.self) { try JSONValue(parsing: Array(result.output.utf8)) }
            #expect(result.output.split(separator: "\n").count == 1)
        }
        if result.code == 0 {
            #expect(result.errors.isEmpty)
        } else {
            #expect(result.errors.hasPrefix("resguardo: error: "))
        }
    }

    @Test(arguments: Leaf.all) func saysWhatIsWrongInBothLanguages(_ command: Leaf) throws {
        guard !Self.working.contains(command.path.joined(separator: " ")) else { return }
        let results = try ["en", "es"].map { try Binary.run(command.path + ["--lang", $0]) }
        guard results.allSatisfy({ $0.code != 0 }) else { return }
        #expect(results[0].code == results[1].code)
        #expect(results[0].errors != results[1].errors)
    }

    @Test func theManualNamesEveryCommand() throws {
        for language in ["en", "es"] {
            let page = try Binary.run(["plumbing", "manual", "--lang", language])
            #expect(page.code == 0)
            let titles = Set(page.output.split(separator: "\n").filter { $0.hasPrefix(".Ss ") })
            for command in Leaf.all {
                let name = command.path.joined(separator: " ").replacing("-", with: "\\-")
                #expect(titles.contains(".Ss resguardo \(name)"))
            }
        }
    }

    @Test func theManualIsSoundMdoc() throws {
        let page = try Binary.run(["plumbing", "manual"])
        let file = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-manual-\(UUID().uuidString)")
        try Data(page.output.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["mandoc", "-T", "lint", "-W", "error", file.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completesEveryCommand(
        _ shell: String
    ) throws {
        let script = try Binary.run(["--generate-completion-script", shell])
        #expect(script.code == 0)
        for word in Set(Leaf.all.flatMap(\.path)) { #expect(script.output.contains(word)) }
        let check = Process()
        check.executableURL = URL(filePath: "/usr/bin/env")
        check.arguments = ["which", shell]
        check.standardOutput = FileHandle.nullDevice
        try check.run()
        check.waitUntilExit()
        guard check.terminationStatus == 0 else {
            print("skipped: \(shell) is not installed, its completions were not parsed")
            return
        }
        let file = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-completion-\(UUID().uuidString)")
        try Data(script.output.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let parse = Process()
        parse.executableURL = URL(filePath: "/usr/bin/env")
        parse.arguments = [shell, "-n", file.path]
        try parse.run()
        parse.waitUntilExit()
        #expect(parse.terminationStatus == 0)
    }

    @Test func theExitCodesAreDocumented() throws {
        let help = try Binary.run(["--help"]).output
        let page = try Binary.run(["plumbing", "manual"]).output
        for code in 1...7 {
            #expect(help.contains("\(code) "))
            #expect(page.contains(".It \(code)\n"))
        }
    }
}
