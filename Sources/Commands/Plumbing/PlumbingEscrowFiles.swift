// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Escrow
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
        try PlumbingFiles.entropy(path, orThrow: EscrowError.malformed(EscrowPlace(.secret)))
    }

    /// The bytes of an object's file, or of standard input for `-`.
    static func text(_ path: String) throws -> [UInt8] {
        try PlumbingFiles.text(
            path,
            countMax: byteCountMax,
            orThrow: EscrowError.malformed(EscrowPlace(.object))
        )
    }

    /// The age identity that is made of a seed.
    static func identity(_ seed: borrowing SecretBytes) -> SecretBytes {
        var bytes = seed.reveal()
        defer { wipe(&bytes) }
        var text = Bech32.encodeUpperCase(prefix: "age-secret-key-pq-", bytes: bytes)
        return SecretBytes(wiping: &text)
    }
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
