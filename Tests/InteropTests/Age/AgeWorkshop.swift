// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A folder in which one test trades files with programs of other authors; it goes with the test.
final class AgeWorkshop {
    /// What one run of a program did.
    struct Result {
        let code: Int32
        let output: [UInt8]
        let errors: String
    }

    /// Around the edges of chunks; a random size is added by the tests.
    static let counts = [0, 1, 65_535, 65_536, 65_537, Int.random(in: 65_538..<1_000_000)]

    /// The root of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// The binary stands beside the running tests.
    static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "resguardo")
    private static let python = root.appending(path: ".build/venv/bin/python3")

    /// Whether Debian's age is installed.
    static var hasAge: Bool {
        isThere("age", FileManager.default.isExecutableFile(atPath: "/usr/bin/age"))
    }
    /// Whether `scripts/setup --tests` made its Python environment.
    static var hasPython: Bool {
        isThere(".build/venv", FileManager.default.isExecutableFile(atPath: python.path))
    }

    private static func isThere(_ name: String, _ isThere: Bool) -> Bool {
        if !isThere {
            print("skipped: no \(name) (scripts/setup --tests)")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("\(name) is missing")
            }
        }
        return isThere
    }

    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-age-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        // A folder that stays behind in the temporary directory does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Makes the binary stand in the folder's `bin` as age's plugin.
    func installPlugin() throws {
        let bin = folder.appending(path: "bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: bin.appending(path: "age-plugin-pq"),
            withDestinationURL: Self.binary
        )
    }

    /// Runs a program in the folder, with the folder's `bin` first in its path.
    func run(_ program: String, _ arguments: [String]) throws -> Result {
        let streams = ["stdout", "stderr"].map { folder.appending(path: $0) }
        for stream in streams { try Data().write(to: stream) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = [
            "PATH": "\(path("bin")):/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8",
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        try process.run()
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus,
            output: try read("stdout"),
            errors: String(decoding: try read("stderr"), as: UTF8.self)
        )
    }

    /// Runs the binary under test.
    func resguardo(_ arguments: String...) throws -> Result {
        try run(Self.binary.path, arguments)
    }

    /// Runs Debian's age.
    func age(_ arguments: String...) throws -> Result {
        try run("/usr/bin/age", arguments)
    }

    /// Runs a Python program of this repository.
    func script(_ name: String, _ arguments: String...) throws -> Result {
        let script = Self.root.appending(path: name).path
        return try run(Self.python.path, [script] + arguments)
    }

    /// Runs Python code.
    func python(_ code: String, _ arguments: String...) throws -> Result {
        try run(Self.python.path, ["-c", code] + arguments)
    }

    /// Content that differs from chunk to chunk.
    static func content(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x2545_f491_4f6c_dd1d
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }
}
