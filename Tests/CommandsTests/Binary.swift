// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Testing

/// The built program, run as a person or a script runs it.
struct Binary {
    /// The binary stands beside the running tests.
    static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "resguardo")

    /// What one run did.
    struct Result {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs the program without a terminal, with an empty home and nothing on standard input.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        name: String = "resguardo"
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-commands-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let streams = ["stdout", "stderr"].map { folder.appending(path: $0) }
        for stream in streams { try Data().write(to: stream) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["timeout", "60", "setsid", "--wait", "bash", "-c", "exec -a \"$0\" \"$@\""]
            + [name, url.path] + arguments
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.appending(path: "home").path,
            "TMPDIR": folder.path,
            "LC_ALL": "C.UTF-8",
        ].merging(environment) { _, new in new }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        try process.run()
        process.waitUntilExit()
        let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        try FileManager.default.removeItem(at: folder)
        return Result(code: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}

/// A command of the built program that does something, as opposed to a group.
struct Leaf: Sendable, CustomTestStringConvertible {
    /// The words after `resguardo`.
    let path: [String]
    /// The long names of its options.
    let options: Set<String>

    var testDescription: String { path.joined(separator: " ") }

    /// All commands, from the built program itself.
    static let all: [Leaf] = {
        guard let dump = try? Binary.run(["--experimental-dump-help"]),
            let tree = try? JSONValue(parsing: Array(dump.output.utf8)), let root = tree["command"]
        else { return [] }
        return leaves(of: root, path: [])
    }()

    private static func leaves(of command: JSONValue, path: [String]) -> [Leaf] {
        let children = command["subcommands"]?.array ?? []
        guard children.isEmpty else {
            return children.flatMap { child in
                leaves(of: child, path: path + [child["commandName"]?.string ?? ""])
            }
        }
        // ArgumentParser's own.
        guard path != ["help"] else { return [] }
        let names = (command["arguments"]?.array ?? []).flatMap { $0["names"]?.array ?? [] }
        return [Leaf(path: path, options: Set(names.compactMap { $0["name"]?.string }))]
    }
}
