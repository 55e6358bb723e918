// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Glibc
import Outside

/// Where the demonstration plays: a directory with a home for each person, and the real program.
///
/// Every step is a command line that the reader can repeat: the stage starts this same binary as a
/// process of its own, in the directory, and shows what was typed and what came back.
struct DemoStage {
    /// Holds everything the demonstration makes; command lines are relative to it.
    let directory: String
    /// The language of the narration and of the commands.
    let language: Language
    private let console: Console
    private let program: String
    private let environment: [String: String]

    /// Prepares an empty directory and the environment of all commands.
    ///
    /// - Throws: `.notAllowed` when the directory exists and is not empty; `.failed` when it cannot
    ///   be made.
    init(directory: String, console: Console) throws {
        try Self.makeEmpty(directory)
        self.directory = directory
        self.console = console
        language = console.language
        program = try Self.ownPath()
        environment = [
            "HOME": directory,
            "PATH": "\(directory)/bin:\(Environment.programPath)",
            "LANG": language == .spanish ? "es_MX.UTF-8" : "C.UTF-8",
            "NO_COLOR": "1",
        ]
        // Debian's age asks a plugin for post-quantum keys, and finds us under the plugin's name.
        try makeDirectory("bin")
        guard unsafe symlink(program, "\(directory)/bin/age-plugin-pq") == 0 else {
            throw Self.cannotWrite("bin/age-plugin-pq")
        }
    }

    /// Writes a line of the story, which `--quiet` leaves out: its last table is the result.
    private func say(_ line: String) {
        if !console.isQuiet { console.line(line) }
    }

    /// Opens an act of the story.
    func act(_ title: Text) {
        say("")
        say("── \(title[language]) " + String(repeating: "─", count: 20))
    }

    /// Says what is going on.
    func tell(_ text: Text) {
        say("")
        say(text[language])
    }

    /// Types a command of ours, and shows it with its answer.
    ///
    /// - Parameters:
    ///   - arguments: The command line after the program's name.
    ///   - status: The exit code that the story expects.
    /// - Throws: `.failed` when the command ends in another way: the demonstration is a test.
    func type(_ arguments: [String], expecting status: Int32 = 0) throws {
        let result = try ChildProcess.run(
            program,
            arguments,
            in: directory,
            environment: environment
        )
        let words =
            ["resguardo"]
            + arguments.map { word in
                word.contains { " ;'".contains($0) } ? "'\(word)'" : word
            }
        let command = words.joined(separator: " ")
        show(command, result)
        try require(status, result.status, command)
    }

    /// Types a line of the shell, and shows it with its answer.
    func typeOther(_ command: String) throws {
        let result = try ChildProcess.run(
            "/bin/sh",
            ["-c", command],
            in: directory,
            environment: environment
        )
        show(command, result)
        try require(0, result.status, command)
    }

    /// Asks a command of ours for its document, without showing it.
    func ask(_ arguments: [String]) throws -> JSONValue {
        let words = arguments + ["--json"]
        let result = try ChildProcess.run(
            program,
            words,
            in: directory,
            environment: environment,
            keepsErrors: false
        )
        try require(0, result.status, "resguardo " + words.joined(separator: " "))
        return try JSONValue(parsing: result.output)
    }

    /// Whether a program of this name can be started.
    func has(_ name: String) -> Bool {
        ChildProcess.find(name, in: environment["PATH"] ?? "") != nil
    }

    /// Writes a file of the story.
    func write(_ bytes: [UInt8], to name: String) throws {
        let path = "\(directory)/\(name)"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.cannotWrite(name) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0 else { throw Self.cannotWrite(name) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a directory of the story.
    func makeDirectory(_ name: String) throws {
        guard unsafe mkdir("\(directory)/\(name)", 0o700) == 0 else { throw Self.cannotWrite(name) }
    }

    private func show(_ command: String, _ result: ChildProcess.Result) {
        say("  $ " + command)
        let output = String(decoding: result.output, as: UTF8.self)
        for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            say("    \(line)")
        }
    }

    private func require(_ expected: Int32, _ status: Int32, _ command: String) throws {
        guard status != expected else { return }
        throw Failure(
            .failed,
            Text(
                en: "“\(command)” ended with \(status), not with \(expected)",
                es: "«\(command)» terminó con \(status), no con \(expected)"
            ),
            hint: Text(
                en: "everything so far is in \(directory)",
                es: "todo lo hecho hasta aquí está en \(directory)"
            )
        )
    }

    private static func makeEmpty(_ directory: String) throws {
        guard unsafe mkdir(directory, 0o700) != 0 else { return }
        guard errno == EEXIST, unsafe rmdir(directory) == 0,
            unsafe mkdir(directory, 0o700) == 0
        else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "\(directory) cannot be made, or is not empty",
                    es: "\(directory) no se puede crear, o no está vacío"
                ),
                hint: Text(
                    en: "give --home a directory that does not exist yet",
                    es: "dé a --home un directorio que aún no exista"
                )
            )
        }
    }

    /// The path of this very program, however it was called.
    private static func ownPath() throws -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let address = bytes.baseAddress else { return 0 }
            return unsafe readlink("/proc/self/exe", address, bytes.count)
        }
        guard count > 0 else {
            throw Failure(
                .failed,
                Text(en: "/proc is not mounted", es: "/proc no está montado")
            )
        }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// A document lacks a member that the story needs.
    static func missing(_ member: String) -> Failure {
        Failure(
            .failed,
            Text(en: "the answer lacks “\(member)”", es: "a la respuesta le falta «\(member)»")
        )
    }

    private static func cannotWrite(_ name: String) -> Failure {
        Failure(
            .failed,
            Text(en: "\(name) cannot be written", es: "\(name) no se puede escribir")
        )
    }
}
