// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One run of a script in a directory of its own.
///
/// The language is testscript's, of Go's `rsc.io/script` family; the words we speak:
///
/// | line | does |
/// |---|---|
/// | `exec PROGRAM ARG...` | runs it; must exit with 0; after `!`, must not |
/// | `status N` | the last program exited with N |
/// | `stdin FILE` | gives FILE to the next program |
/// | `stdout REGEX`, `stderr REGEX` | the last program wrote it; after `!`, did not |
/// | `capture NAME REGEX` | sets a variable to the first group of a match in standard output |
/// | `cmp FILE FILE` | same bytes; `stdout` and `stderr` are the last program's |
/// | `grep REGEX FILE` | FILE has it |
/// | `exists FILE...` | all there; after `!`, none is |
/// | `env NAME=VALUE...` | sets variables |
/// | `cd DIR`, `mkdir DIR...`, `cp FROM TO`, `mv FROM TO`, `rm PATH...`, `chmod MODE PATH` | that |
/// | `symlink PATH -> TARGET` | makes a symbolic link |
/// | `flip FILE OFFSET` | flips the lowest bit of one byte; negative offsets count from the end |
/// | `truncate FILE SIZE` | cuts or extends with zeros |
/// | `skip REASON` | ends the script |
///
/// A line may start with `[CONDITION]` or `[!CONDITION]`: `exec:PROGRAM` (installed), `root`,
/// `long` (RESGUARDO_LONG_TESTS is set), `shared` (`../shared` is there).
struct ScriptRun {
    /// Why a script stopped.
    struct Problem: Error {
        let line: Int
        let command: String
        let reason: String
    }

    /// Thrown by `skip`.
    private struct Skip: Error {}

    private(set) var directory: URL
    private(set) var variables: [String: String]
    private var input: URL?
    private var code: Int32 = 0
    private(set) var output = Data()
    private(set) var errors = Data()
    private let scratch: URL

    /// The longest that one program may take, in seconds.
    private static let secondsMax = 300

    /// Prepares a directory with an archive's files.
    ///
    /// - Parameters:
    ///   - archive: The script's files.
    ///   - work: A new directory.
    ///   - programs: The folder of the programs under test; comes first in `PATH`.
    ///   - root: The package's root.
    /// - Throws: When the files cannot be written.
    init(_ archive: ScriptArchive, work: URL, programs: URL, root: URL) throws {
        scratch = work.appending(path: "streams")
        directory = work.appending(path: "work")
        for folder in [scratch, directory, work.appending(path: "home")] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let inherited = ProcessInfo.processInfo.environment
        variables = [
            "PATH": programs.path + ":" + (inherited["PATH"] ?? "/usr/bin:/bin"),
            "HOME": work.appending(path: "home").path,
            "WORK": directory.path,
            "ROOT": root.path,
            "SHARED": root.deletingLastPathComponent().appending(path: "shared").path,
            "TMPDIR": scratch.path,
            "LC_ALL": "C.UTF-8",
        ]
        for file in archive.files {
            let url = directory.appending(path: file.name)
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(file.content.utf8).write(to: url)
        }
    }

    /// Runs all lines.
    ///
    /// - Throws: A ``Problem`` at the first line that does not hold.
    mutating func run(_ lines: [String]) throws {
        for (index, line) in lines.enumerated() {
            do {
                guard let words = ScriptArchive.words(line, variables: variables) else {
                    throw Reason("a quote is not closed")
                }
                try step(words)
            } catch is Skip {
                return
            } catch {
                let reason = (error as? Reason)?.text ?? "\(error)"
                throw Problem(line: index + 1, command: line, reason: reason)
            }
        }
    }

    /// Why one line does not hold.
    private struct Reason: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private mutating func step(_ line: [String]) throws {
        var words = line[...]
        while let word = words.first, word.hasPrefix("["), word.hasSuffix("]") {
            guard try holds(String(word.dropFirst().dropLast())) else { return }
            words.removeFirst()
        }
        let isNegated = words.first == "!"
        if isNegated { words.removeFirst() }
        guard let verb = words.popFirst() else { return }
        let arguments = Array(words)
        switch verb {
        case "exec": try execute(arguments, mustFail: isNegated)
        case "exists": try exists(arguments, expected: !isNegated)
        case "stdout": try match(arguments, in: output, expected: !isNegated)
        case "stderr": try match(arguments, in: errors, expected: !isNegated)
        case "grep":
            try match(Array(arguments.prefix(1)), in: content(arguments, 1), expected: !isNegated)
        case "cmp": try compare(arguments, expected: !isNegated)
        default:
            guard !isNegated else { throw Reason("\(verb) cannot be negated") }
            try act(verb, arguments)
        }
    }

    private mutating func act(_ verb: String, _ arguments: [String]) throws {
        let files = FileManager.default
        switch verb {
        case "status":
            let expected = arguments.first.flatMap(Int32.init)
            if expected != code { throw Reason("the exit code is \(code)") }
        case "stdin": input = try path(arguments, 0)
        case "capture": try capture(arguments)
        case "env":
            for assignment in arguments {
                let parts = assignment.split(separator: "=", maxSplits: 1)
                variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            }
        case "cd": directory = try path(arguments, 0)
        case "mkdir":
            for index in arguments.indices {
                let folder = try path(arguments, index)
                try files.createDirectory(at: folder, withIntermediateDirectories: true)
            }
        case "cp":
            let content = try content(arguments, 0)
            try content.write(to: path(arguments, 1))
        case "mv": try files.moveItem(at: path(arguments, 0), to: path(arguments, 1))
        case "rm":
            for index in arguments.indices { try files.removeItem(at: path(arguments, index)) }
        case "chmod":
            guard let mode = arguments.first.flatMap({ Int($0, radix: 8) }) else {
                throw Reason("chmod wants an octal mode")
            }
            try files.setAttributes(
                [.posixPermissions: mode],
                ofItemAtPath: path(arguments, 1).path
            )
        case "symlink":
            guard arguments.count == 3 else { throw Reason("symlink wants PATH -> TARGET") }
            let link = try path(arguments, 0).path
            try files.createSymbolicLink(atPath: link, withDestinationPath: arguments[2])
        case "flip", "truncate": try damage(verb, arguments)
        case "skip":
            print("skipped: \(arguments.joined(separator: " "))")
            throw Skip()
        default: throw Reason("there is no “\(verb)”")
        }
    }

    // MARK: Words

    private func holds(_ condition: String) throws -> Bool {
        if condition.hasPrefix("!") { return try !holds(String(condition.dropFirst())) }
        switch condition {
        case "root": return getuid() == 0
        case "long": return ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil
        case "shared": return FileManager.default.fileExists(atPath: variables["SHARED"] ?? "")
        default:
            guard condition.hasPrefix("exec:") else { throw Reason("no condition \(condition)") }
            let folders = (variables["PATH"] ?? "").split(separator: ":")
            return folders.contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(condition.dropFirst(5))")
            }
        }
    }

    private func path(_ arguments: [String], _ index: Int) throws -> URL {
        guard index < arguments.count else { throw Reason("a path is missing") }
        let name = arguments[index]
        return name.hasPrefix("/") ? URL(filePath: name) : directory.appending(path: name)
    }

    private func content(_ arguments: [String], _ index: Int) throws -> Data {
        guard index < arguments.count else { throw Reason("a file is missing") }
        if arguments[index] == "stdout" { return output }
        if arguments[index] == "stderr" { return errors }
        return try Data(contentsOf: path(arguments, index))
    }

    private mutating func execute(_ arguments: [String], mustFail: Bool) throws {
        guard !arguments.isEmpty else { throw Reason("a program is missing") }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // A session of its own has no terminal, on which a program could wait for an answer.
        process.arguments =
            ["timeout", "--kill-after=5", "\(Self.secondsMax)", "setsid", "--wait"] + arguments
        process.currentDirectoryURL = directory
        process.environment = variables
        let streams = ["stdout", "stderr"].map { scratch.appending(path: $0) }
        for stream in streams { try Data().write(to: stream) }
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        process.standardInput = try FileHandle(
            forReadingFrom: input ?? URL(filePath: "/dev/null")
        )
        input = nil
        try process.run()
        process.waitUntilExit()
        code = process.terminationStatus
        output = try Data(contentsOf: streams[0])
        errors = try Data(contentsOf: streams[1])
        let isCrash = process.terminationReason == .uncaughtSignal || code >= 126
        if isCrash || (code != 0) != mustFail { throw Reason("exit code \(code)") }
    }

    private func exists(_ arguments: [String], expected: Bool) throws {
        for index in arguments.indices {
            let path = try path(arguments, index).path
            guard FileManager.default.fileExists(atPath: path) != expected else { continue }
            throw Reason("\(arguments[index]) \(expected ? "is missing" : "is there")")
        }
    }

    private func regex(_ arguments: [String], _ index: Int) throws -> Regex<AnyRegexOutput> {
        guard index < arguments.count else { throw Reason("a pattern is missing") }
        return try Regex(arguments[index]).anchorsMatchLineEndings()
    }

    private func match(_ arguments: [String], in data: Data, expected: Bool) throws {
        let text = String(decoding: data, as: UTF8.self)
        guard text.contains(try regex(arguments, 0)) != expected else { return }
        throw Reason(expected ? "no match" : "it matches")
    }

    private mutating func capture(_ arguments: [String]) throws {
        let text = String(decoding: output, as: UTF8.self)
        guard let match = text.firstMatch(of: try regex(arguments, 1)), match.count > 1,
            let group = match[1].substring
        else { throw Reason("nothing to capture") }
        variables[arguments[0]] = String(group)
    }

    private func compare(_ arguments: [String], expected: Bool) throws {
        let isSame = try content(arguments, 0) == content(arguments, 1)
        if isSame != expected { throw Reason(expected ? "they differ" : "they are the same") }
    }

    private func damage(_ verb: String, _ arguments: [String]) throws {
        guard arguments.count == 2, let number = Int(arguments[1]) else {
            throw Reason("\(verb) wants FILE NUMBER")
        }
        let url = try path(arguments, 0)
        if verb == "truncate" {
            let file = try FileHandle(forWritingTo: url)
            try file.truncate(atOffset: UInt64(number))
            return try file.close()
        }
        var data = try Data(contentsOf: url)
        let offset = number < 0 ? data.count + number : number
        guard data.indices.contains(offset) else { throw Reason("no byte \(number)") }
        data[offset] ^= 1
        try data.write(to: url)
    }
}
