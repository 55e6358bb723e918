// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Glibc
import Sodium

/// The small files of plumbing commands: objects, secrets and random bytes.
enum PlumbingFiles {
    /// Bytes of randomness that a file for test vectors holds.
    private static let entropyCount = 32
    /// The longest file of random bytes.
    private static let entropyByteCountMax = 1024

    /// 32 bytes in hexadecimal from a file, or fresh ones.
    ///
    /// - Throws: `failure` for a file of anything else.
    static func entropy(_ path: String?, orThrow failure: any Error) throws -> SecretBytes {
        guard let path else { return SecretBytes(random: entropyCount) }
        var digits = try text(path, countMax: entropyByteCountMax, orThrow: failure)
        if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
        guard var bytes = try? Hex.decode(String(decoding: digits, as: UTF8.self)),
            bytes.count == entropyCount
        else { throw failure }  // Any fault is the same here.
        return SecretBytes(wiping: &bytes)
    }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `failure` for more than `countMax` bytes.
    static func text(
        _ path: String,
        countMax: Int,
        orThrow failure: any Error
    ) throws -> [UInt8] {
        try PlumbingAgeFiles.reading(path) { stream in
            let source = stream.source
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                var span = piece.mutableSpan
                let count = try source(&span)
                if count == 0 { return bytes }
                bytes += piece[..<count]
                guard bytes.count <= countMax else { throw failure }
            }
        }
    }

    static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Writes an object to a file, or leaves it to standard output.
    static func outcome(of json: JSONValue, output: String?) throws -> Outcome {
        let text = json.canonicalText
        guard let output, output != "-" else { return Outcome(json: json, lines: [text]) }
        try PlumbingAgeOutput.writing(output) { try $0.sink(Array("\(text)\n".utf8).span) }
        return Outcome(json: ["output": .string(output)], lines: [])
    }

    /// Writes one line that only its owner may read, to a new file.
    static func writeSecret(_ line: borrowing SecretBytes, to path: String) throws {
        var text = line.reveal()
        text.append(UInt8(ascii: "\n"))
        defer { wipe(&text) }
        try PlumbingAgeOutput.writing(path, isPrivate: true) { try $0.sink(text.span) }
    }
}

/// Options of the commands that draw random numbers.
struct PlumbingEntropy: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "For test vectors only: take 32 bytes in hexadecimal from this file.",
                es: "Solo para vectores de prueba: tomar 32 bytes hexadecimales de este archivo."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var entropy: String?
}

/// The option of the commands that write an object.
struct PlumbingOutput: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            Text(
                en: "Write to this file instead of standard output.",
                es: "Escribir en este archivo en vez de la salida."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?
}
