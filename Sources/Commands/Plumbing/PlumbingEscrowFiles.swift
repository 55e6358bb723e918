// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Escrow
import Glibc
import Sodium

/// The JSON files and keys of `plumbing escrow`.
enum PlumbingEscrowFiles {
    /// The longest file that is read; the longest object has 110 KiB.
    private static let byteCountMax = 512 << 10

    static func context(_ path: String) throws -> EscrowContext {
        try EscrowContext(parsing: text(path))
    }

    /// A dealing that holds in its context.
    static func dealing(_ path: String, in context: EscrowContext) throws -> VerifiedDealing {
        try Dealing(parsing: text(path)).verified(in: context)
    }

    /// Shares that hold in their dealing.
    static func shares(
        _ paths: [String],
        in dealing: VerifiedDealing
    ) throws -> [VerifiedShare] {
        try paths.map { try OpenedShare(parsing: text($0)).verified(in: dealing) }
    }

    /// 32 bytes in hexadecimal from a file, or fresh ones.
    static func entropy(_ path: String?) throws -> SecretBytes {
        guard let path else { return SecretBytes(random: Dealer.entropyCount) }
        var digits = try text(path)
        if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
        guard var bytes = try? Hex.decode(String(decoding: digits, as: UTF8.self)),
            bytes.count == Dealer.entropyCount
        else { throw EscrowError.malformed(EscrowPlace(.secret)) }  // any fault is the same here
        return SecretBytes(wiping: &bytes)
    }

    /// The bytes of a small file, or of standard input for `-`.
    static func text(_ path: String) throws -> [UInt8] {
        try PlumbingAgeFiles.reading(path) { stream in
            let source = stream.source
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                var span = piece.mutableSpan
                let count = try source(&span)
                if count == 0 { return bytes }
                bytes += piece[..<count]
                guard bytes.count <= byteCountMax else {
                    throw EscrowError.malformed(EscrowPlace(.object))
                }
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

    /// The age identity that is made of a seed.
    static func identity(_ seed: borrowing SecretBytes) -> SecretBytes {
        var bytes = seed.reveal()
        defer { wipe(&bytes) }
        var text = Bech32.encodeUpperCase(prefix: "age-secret-key-pq-", bytes: bytes)
        return SecretBytes(wiping: &text)
    }
}

/// Options of the escrow commands that draw random numbers.
struct PlumbingEscrowEntropy: ParsableArguments {
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

/// The option of the escrow commands that write an object.
struct PlumbingEscrowOutput: ParsableArguments {
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

/// The arguments of the escrow commands that start from a dealing.
struct PlumbingEscrowDealing: ParsableArguments {
    @Argument(
        help: Text(
            en: "The context: who may open, and for what (JSON).",
            es: "El contexto: quién puede abrir, y para qué (JSON)."
        ).help,
        completion: .file()
    )
    var context: String

    @Argument(
        help: Text(en: "The dealing (JSON).", es: "El reparto (JSON).").help,
        completion: .file()
    )
    var dealing: String

    /// The dealing, checked in its context.
    func verified() throws -> VerifiedDealing {
        try PlumbingEscrowFiles.dealing(dealing, in: PlumbingEscrowFiles.context(context))
    }
}
