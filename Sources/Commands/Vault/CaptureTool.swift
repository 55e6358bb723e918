// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Outside
import Storage
import Vault

/// `exiftool` where it is installed, run for ``CaptureReader`` within limits.
struct CaptureTool {
    /// Seconds for one run over at most 200 files.
    private static let secondsMax = 120
    /// What the program may take of the machine: a gibibyte of memory, and it writes no file.
    private static let limits = ["--as=1073741824", "--fsize=0", "--core=0"]

    private let program: String
    private let prefix: [String]
    /// Name and version, for the record.
    let version: String

    /// The program, if it is there and runs.
    init?(path: String) {
        guard let found = ChildProcess.find("exiftool", in: path) else { return nil }
        if let limiter = ChildProcess.find("prlimit", in: path) {
            program = limiter
            prefix = Self.limits + [found]
        } else {
            program = found
            prefix = []
        }
        // Whatever does not tell its version within a few seconds does not read files either.
        guard
            let result = try? ChildProcess.run(
                program,
                prefix + ["-config", "", "-ver"],
                in: "/",
                environment: Self.environment,
                keepsErrors: false,
                secondsMax: 10
            ), result.status == 0, result.output.count < 32
        else { return nil }
        let digits = String(decoding: result.output, as: UTF8.self).prefix { !$0.isNewline }
        version = "exiftool \(digits)"
    }

    /// Nothing of ours: Perl takes options and code from variables.
    private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]

    func run(_ arguments: [String], _ input: [UInt8]) throws -> CaptureReader.Run {
        let result = try ChildProcess.run(
            program,
            prefix + arguments,
            in: ".",
            environment: Self.environment,
            input: input,
            keepsErrors: false,
            secondsMax: Self.secondsMax
        )
        return CaptureReader.Run(output: result.output)
    }
}

extension Context {
    /// What cameras wrote into the media files among originals; says what was not read.
    func readCapture(_ originals: [Original]) throws -> [Int: CaptureMetadata] {
        let candidates = CaptureReader.candidates(originals)
        guard !candidates.isEmpty else { return [:] }
        guard let tool = CaptureTool(path: Environment.nonEmpty("PATH") ?? "") else {
            console.note(
                Text(
                    en: "exiftool is not installed: what the cameras wrote was not read",
                    es: "exiftool no está instalado: no se leyó lo que escribieron las cámaras"
                )
            )
            return [:]
        }
        let findings = try CaptureReader.read(originals, version: tool.version, run: tool.run)
        for path in findings.unread.prefix(5) {
            console.note(
                Text(
                    en: "\(path.text): what the camera wrote could not be read",
                    es: "\(path.text): no se pudo leer lo que escribió la cámara"
                )
            )
        }
        let rest = findings.unread.count - 5
        if rest > 0 {
            console.note(Text(en: "… and \(rest) more", es: "… y \(rest) más"))
        }
        return findings.metadata
    }
}
