// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import TransparencyLog

/// A log in a folder, and witnesses for it.
struct NodeFixture {
    let folder: TestFolder
    let signer: NoteSigner
    let directory: String

    init() throws {
        folder = try TestFolder()
        signer = NoteSigner(name: try KeyName("example.com/log"), key: Ed25519.SecretKey())
        directory = folder.path("log")
    }

    func create(_ path: String? = nil) throws -> TiledLog {
        try TiledLog.create(
            directory: path ?? directory,
            signer: signer,
            keepsEntries: true,
            time: 1
        )
    }

    static func entries(_ range: Range<Int>, prefix: String = "entry") -> [[UInt8]] {
        range.map { Array("\(prefix) \($0)".utf8) }
    }

    /// Makes a witness.
    ///
    /// - Returns: Its key.
    func makeWitness(_ name: String) throws -> String {
        let run = try ProgramRun(
            ["witness", "init", "\(name).example", "--home", folder.path(name)],
            in: folder.url
        )
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts a witness that follows the log.
    func startWitness(_ name: String, listen: String = "127.0.0.1:0") throws -> ServerProcess {
        try ServerProcess(
            [
                "witness", "serve", "--log", signer.verifier.encoded, "--home", folder.path(name),
                "--listen", listen,
            ],
            in: folder.url
        )
    }

    /// Writes a policy file.
    func writePolicy(_ witnesses: [(key: String, url: String)], threshold: Int) throws -> String {
        var lines = ["log \(signer.verifier.encoded)"]
        for (index, witness) in witnesses.enumerated() {
            lines.append("witness w\(index) \(witness.key) \(witness.url)")
        }
        if threshold > 0 {
            let names = witnesses.indices.map { "w\($0)" }.joined(separator: " ")
            lines.append("group g \(threshold) \(names)")
        }
        lines.append("quorum \(threshold > 0 ? "g" : "none")")
        let path = folder.path("policy")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    /// Starts a node for the log.
    func startNode(
        _ policy: String,
        home: String = "node",
        _ more: [String] = []
    ) throws
        -> ServerProcess
    {
        try ServerProcess(
            [
                "serve", "--public-log", "log=\(directory)", "--policy", policy,
                "--home", folder.path(home),
            ] + more,
            in: folder.url
        )
    }
}
