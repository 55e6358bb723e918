// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Plants secrets, runs the program over them, and looks for them wherever a program leaves traces:
/// arguments, environment and mapped files of the running process, home, temporary files, output.
@Suite struct SecretTraceTests {
    private static let secondsMax = 60.0

    @Test func secretsLeaveNoTrace() throws {
        let mark = UUID().uuidString
        let name = "resguardo-trace-\(UUID().uuidString)"
        let work = FileManager.default.temporaryDirectory.appending(path: name)
        let run = try TracedRun(work)
        defer { try? FileManager.default.removeItem(at: work) }
        let passphrase = "passphrase \(mark) of the owner"
        try run.write("pass", passphrase + "\n")
        try run.write("forced", "passphrase \(mark) under duress\n")
        try run.write("pass2", "passphrase \(mark) from now on\n")
        try run.write("name-\(mark).txt", "plaintext \(mark) here\n")
        let shown = try run.run(["init", "--duress-passphrase-file", "forced", "--json"])
        let recovery = try #require(shown.firstMatch(of: #/AGE-SECRET-KEY-PQ-1[0-9A-Z]+/#)?.output)
        try run.write("recovery", recovery + "\n")
        _ = try run.run(["case", "create", "case \(mark)"])
        let exported = try run.run(["case", "export-key", "case \(mark)"])
        let key = try #require(exported.firstMatch(of: #/AGE-SECRET-KEY-PQ-1[0-9A-Z]+/#)?.output)
        let seeds = [String(recovery), String(key)].map(Self.seed)
        #expect(seeds.allSatisfy { $0.count == 32 })
        // Whatever holds the mark is a passphrase, a name or plaintext.
        var planted = [Data(mark.utf8), Data(recovery.utf8), Data(key.utf8)]
        for seed in seeds {
            planted += [seed, Data(seed.map { String(format: "%02x", $0) }.joined().utf8)]
            planted.append(Data(seed.base64EncodedString().prefix(40).utf8))
        }
        run.planted = planted

        var written = try run.run(["deposit", "case \(mark)", "name-\(mark).txt", "--json"])
        let item = try #require(written.firstMatch(of: #/"item":"([0-9a-f]{64})"/#)?.output.1)
        try depositWatched(run, "case \(mark)", mark)
        _ = try run.run(["list", "case \(mark)"])
        _ = try run.run(["get", "case \(mark)", String(item), "--output", "got"])
        _ = try run.run(["passphrase", "change", "--new-passphrase-file", "pass2"])
        try run.write("pass", "passphrase \(mark) from now on\n")
        _ = try run.run(["case", "rotate", "case \(mark)"])
        written += try run.run(["verify", "--full"], takesPassphrase: false)
        #expect(!written.contains(mark))
        expectClean(run, "after all commands")
        _ = try run.run(["wipe", "--yes"], takesPassphrase: false)
        _ = try run.run(["init", "--recover", "--recovery-key-file", "recovery"])
        expectClean(run, "after recovery")
        #expect(run.errors.allSatisfy { !$0.contains(mark) && !$0.contains("AGE-SECRET") })
    }

    private func expectClean(_ run: TracedRun, _ place: String) {
        for folder in ["home", "tmp"] {
            let found = run.traces(under: run.work.appending(path: folder))
            #expect(found.isEmpty, "\(place): \(found)")
        }
    }

    /// Deposits from a pipe that stays open, and looks at the process while it works.
    private func depositWatched(_ run: TracedRun, _ name: String, _ mark: String) throws {
        let pipe = Pipe()
        let process = try run.process(["deposit", name, "--stdin", "stream-\(mark)"])
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = Data("plaintext \(mark) streams\n".utf8)
        var bytes = Data()
        while bytes.count < 20 << 20 { bytes += line }
        try pipe.fileHandleForWriting.write(contentsOf: bytes)
        let folder = "/proc/\(process.processIdentifier)/"
        // The pipe is drained but for what fits into it, so the process is in the middle of it.
        for file in ["cmdline", "environ"] {
            // Where even the owner may not look, nobody else may.
            guard let text = FileManager.default.contents(atPath: folder + file) else { continue }
            // The command line names files and the case; neither holds a secret of the keyring.
            let secrets = run.planted.dropFirst() + [Data("passphrase \(mark)".utf8)]
            for secret in secrets { #expect(text.range(of: secret) == nil, "\(file)") }
        }
        if let limits = try? String(contentsOfFile: folder + "limits", encoding: .utf8) {
            let cores = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(cores?.split(separator: " ").dropFirst(4).first == "0", "\(cores ?? "")")
        }
        var isMapped = false
        if let maps = try? String(contentsOfFile: folder + "maps", encoding: .utf8) {
            let paths = maps.split(separator: "\n").map { String($0.drop { $0 != "/" }) }
            for path in Set(paths) where !path.isEmpty && !path.hasSuffix(" (deleted)") {
                isMapped = true
                let found = run.holdsTrace(URL(filePath: path))
                #expect(!found, "mapped \(path)")
            }
        }
        if !isMapped { print("skipped: the maps of a process cannot be read here") }
        expectClean(run, "while depositing")
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The 32 bytes of an age identity, its checksum not looked at.
    private static func seed(_ text: String) -> Data {
        let alphabet = Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")
        var bits = 0
        var value = 0
        var bytes = Data()
        for character in text.split(separator: "1", maxSplits: 1)[1].dropLast(6) {
            value = value << 5 | (alphabet.firstIndex(of: character) ?? 0)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(value >> bits & 0xff))
                value &= 1 << bits - 1
            }
        }
        return bytes
    }
}

/// A home, a folder for temporary files, and what the program wrote.
private final class TracedRun {
    let work: URL
    var planted: [Data] = []
    var errors: [String] = []

    init(_ work: URL) throws {
        self.work = work
        let folder = work.appending(path: "tmp")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: work.appending(path: name))
    }

    func process(_ words: [String], takesPassphrase: Bool = true) throws -> Process {
        let process = Process()
        process.executableURL = ScriptTests.products.appending(path: "resguardo")
        process.arguments =
            words + (takesPassphrase ? ["--demo", "--passphrase-file", "pass"] : [])
        process.currentDirectoryURL = work
        process.environment = [
            "RESGUARDO_HOME": work.appending(path: "home").path,
            "TMPDIR": work.appending(path: "tmp").path, "LC_ALL": "C.UTF-8",
        ]
        return process
    }

    func run(_ words: [String], takesPassphrase: Bool = true) throws -> String {
        let process = try process(words, takesPassphrase: takesPassphrase)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let written = output.fileHandleForReading.readDataToEndOfFile()
        let text = String(decoding: written, as: UTF8.self)
        let message = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(words): \(message)")
        self.errors.append(message)
        return text
    }

    func holdsTrace(_ file: URL) -> Bool {
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { return false }
        return planted.contains { data.range(of: $0) != nil }
    }

    /// Files whose names or content hold a planted secret.
    func traces(under folder: URL) -> [String] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { file in
            let name = Data(file.lastPathComponent.utf8)
            return planted.contains { name.range(of: $0) != nil } || holdsTrace(file)
        }.map(\.path)
    }
}
