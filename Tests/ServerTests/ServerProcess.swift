// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Testing

/// A server of the built program, in a process of its own.
final class ServerProcess {
    /// The binary stands beside the running tests.
    static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "resguardo")

    private let process = Process()
    private let errors: URL
    /// Where it listens: `127.0.0.1:PORT` or `unix:PATH`.
    let address: String

    /// A launcher that moves the server's clock: `+3d`.
    ///
    /// It stays in between: what ends it ends the server too.
    static func clock(_ offset: String) -> [String] {
        guard !offset.isEmpty else { return [] }
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let faketime = tests.appending(path: "faketime").path
        return [faketime, "-m", "-f", offset, "setpriv", "--pdeathsig", "KILL"]
    }

    /// Starts a server and waits until it listens; `--listen 127.0.0.1:0` is added unless given.
    ///
    /// A launcher is a command that becomes the server: `unshare -m`, for example.
    init(_ arguments: [String], in folder: URL, launcher: [String] = []) throws {
        var arguments = arguments
        if !arguments.contains("--listen") { arguments += ["--listen", "127.0.0.1:0"] }
        errors = folder.appending(path: "errors-\(UUID().uuidString)")
        try Data().write(to: errors)
        let output = Pipe()
        process.executableURL = launcher.isEmpty ? Self.binary : URL(filePath: "/usr/bin/env")
        process.arguments =
            launcher.isEmpty ? arguments : launcher + [Self.binary.path] + arguments
        process.environment = [
            "HOME": folder.path, "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        // A node may have a private socket besides, which is not where it is asked.
        let listen = arguments.last { $0.hasPrefix("unix:") } ?? Self.host(arguments)
        var text = ""
        var line: Substring?
        while line == nil,
            case let data = output.fileHandleForReading.availableData, !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            line = lines.first { $0.hasPrefix("listening on \(listen)") }
        }
        guard let line else {
            process.waitUntilExit()
            throw StartFailure(
                code: process.terminationStatus,
                errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
            )
        }
        address = String(line.dropFirst("listening on ".count))
    }

    /// The host of `--listen` with its colon.
    private static func host(_ arguments: [String]) -> String {
        let place = arguments.firstIndex(of: "--listen").map { arguments[$0 + 1] } ?? ""
        return (place.split(separator: ":").first ?? "") + ":"
    }

    struct StartFailure: Error {
        let code: Int32
        let errors: String
    }

    var url: String { "http://\(address)" }
    var port: UInt16 { UInt16(address.split(separator: ":").last ?? "") ?? 0 }

    var processIdentifier: Int32 { process.processIdentifier }

    /// Waits for its end, which somebody else brings about.
    func waitUntilExit() { process.waitUntilExit() }

    /// How it ended.
    var exitCode: Int32 { process.terminationStatus }

    /// Ends it at once.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to end.
    ///
    /// - Returns: Its exit code.
    func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// Memory that it holds.
    func residentBytes() throws -> Int {
        let path = "/proc/\(processIdentifier)/status"
        let status = try String(contentsOfFile: path, encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return 1024 * (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    }

    /// Sockets that it has open, the listening one included.
    func connectionCount() throws -> Int {
        let folder = "/proc/\(processIdentifier)/fd"
        let manager = FileManager.default
        return try manager.contentsOfDirectory(atPath: folder).count { name in
            let target = try? manager.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return target?.hasPrefix("socket:") ?? false
        }
    }

    /// What it wrote to standard error.
    func log() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

    deinit {
        if process.isRunning { kill() }
    }

    /// Asks the server something.
    func get(_ path: String) throws -> HTTPClient.Response {
        try HTTPClient().send(
            .init(url: url + path, countMax: 1 << 24, timeoutMilliseconds: 30_000)
        )
    }

    func post(_ path: String, _ body: [UInt8]) throws -> HTTPClient.Response {
        try HTTPClient().send(
            .init(url: url + path, body: body, countMax: 1 << 24, timeoutMilliseconds: 30_000)
        )
    }
}

/// A run of the built program to its end.
struct ProgramRun {
    let code: Int32
    let output: String
    let errors: String

    init(_ arguments: [String], in folder: URL, launcher: [String] = []) throws {
        let process = Process()
        let streams = ["out", "err"].map { folder.appending(path: "\($0)-\(UUID().uuidString)") }
        for stream in streams { try Data().write(to: stream) }
        let binary = ServerProcess.binary
        process.executableURL = launcher.isEmpty ? binary : URL(filePath: "/usr/bin/env")
        process.arguments = launcher.isEmpty ? arguments : launcher + [binary.path] + arguments
        process.environment = [
            "HOME": folder.path, "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        try process.run()
        process.waitUntilExit()
        code = process.terminationStatus
        output = try String(contentsOf: streams[0], encoding: .utf8)
        errors = try String(contentsOf: streams[1], encoding: .utf8)
    }
}

/// A run of another program to its end.
struct RequiredCommand {
    let code: Int32

    init(_ words: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        code = process.terminationStatus
    }
}

/// A folder that goes with the test.
final class TestFolder: Sendable {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "resguardo-server-\(UUID().uuidString.prefix(8))")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

/// Waits until something is so.
///
/// - Returns: Whether it came to be so within a time that only a broken machine needs.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    // Two minutes: a machine that does other things as well is slow, and not wrong.
    for _ in 0..<2400 {
        if try condition() { return true }
        usleep(50_000)
    }
    return false
}
