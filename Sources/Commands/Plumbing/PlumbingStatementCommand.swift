// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage

/// `resguardo plumbing statement`: DSSE envelopes over canonical JSON.
struct PlumbingStatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: Text(
            en: "Signed statements (docs/spec/statements.md).",
            es: "Declaraciones firmadas (docs/spec/statements.md)."
        ).local,
        subcommands: [
            PlumbingStatementSignCommand.self, PlumbingStatementVerifyCommand.self,
            PlumbingStatementShowCommand.self,
        ]
    )
}

/// `resguardo plumbing statement sign`.
struct PlumbingStatementSignCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Text(
            en: "Sign a JSON document, or add a signature to an envelope.",
            es: "Firmar un documento JSON, o agregar una firma a un sobre."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "The document (put into canonical form), or an envelope.",
            es: "El documento (se pone en forma canónica), o un sobre."
        ).help,
        completion: .file()
    )
    var file: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Ed25519 key: 64 hexadecimal digits, or PEM (PKCS 8); once for each signer.",
                es: "Llave Ed25519: 64 dígitos hexadecimales, o PEM (PKCS 8); una vez por firmante."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var key: [String]

    @Option(
        help: Text(
            en: "Payload type (default: from the document's “type” and “v”).",
            es: "Tipo del contenido (si falta: según «type» y «v» del documento)."
        ).help
    )
    var type: String?

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Where to write (default: standard output).",
            es: "Dónde escribir (si falta: la salida)."
        ).help,
        completion: .file()
    )
    var output: String?

    func run(in context: Context) throws -> Outcome {
        let bytes = try PlumbingStatementFile.read(file)
        var envelope = try PlumbingStatementFile.unsigned(bytes, type: type)
        for path in key {
            try envelope.sign(with: PlumbingEd25519.secretKey(path))
        }
        // As other tools of the trade do: what -o names is replaced.
        if let output { try EnvelopeFile.write(envelope, to: output, force: true) }
        return Outcome(
            json: envelope.json,
            lines: output == nil ? [envelope.json.canonicalText] : []
        )
    }
}

/// `resguardo plumbing statement verify`.
struct PlumbingStatementVerifyCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify an envelope's signatures.",
            es: "Verificar las firmas de un sobre."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The envelope.", es: "El sobre.").help, completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Public key: 64 hexadecimal digits, or PEM; once for each.",
                es: "Llave pública: 64 dígitos hexadecimales, o PEM; una vez por cada una."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var key: [String]

    @Option(
        help: Text(
            en: "How many of them must have signed (default: all).",
            es: "Cuántas deben haber firmado (si falta: todas)."
        ).help
    )
    var threshold: Int?

    @Flag(
        help: Text(
            en: "Take white space and members in any order.",
            es: "Aceptar espacios y campos en cualquier orden."
        ).help
    )
    var lenient = false

    func validate() throws {
        guard !key.isEmpty, (1...key.count).contains(threshold ?? key.count) else {
            throw ValidationError(
                Text(
                    en: "Give keys, and a threshold of 1 up to their number.",
                    es: "Indique llaves, y un umbral de 1 hasta su número."
                ).local
            )
        }
    }

    func run(in context: Context) throws -> Outcome {
        let bytes = try PlumbingStatementFile.read(file)
        let envelope =
            lenient ? try Envelope(parsing: bytes) : try PlumbingStatementFile.canonical(bytes)
        let keys = try key.map { try PlumbingEd25519.publicKey($0) }
        let signers = try envelope.verify(keys: keys, threshold: threshold ?? key.count)
        let ids = signers.map { Envelope.keyID(of: $0) }
        return Outcome(
            json: [
                "payloadType": .string(envelope.payloadType), "verified": true,
                "signers": .array(ids.map { .string($0) }),
            ],
            lines: ids
        )
    }
}

/// `resguardo plumbing statement show`.
struct PlumbingStatementShowCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: Text(
            en: "Show what an envelope holds; verifies nothing.",
            es: "Mostrar lo que lleva un sobre; no verifica nada."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: Text(en: "The envelope.", es: "El sobre.").help, completion: .file())
    var file: String

    func run(in context: Context) throws -> Outcome {
        let envelope = try PlumbingStatementFile.canonical(PlumbingStatementFile.read(file))
        let body = try envelope.body()
        let ids = envelope.signatures.map(\.keyID)
        return Outcome(
            json: [
                "payloadType": .string(envelope.payloadType), "payload": body,
                "digest": .string(Hex.encode(envelope.digest)),
                "signers": .array(ids.map { .string($0) }),
            ],
            lines: [envelope.payloadType, body.canonicalText] + ids
        )
    }
}

/// Files of statements.
enum PlumbingStatementFile {
    static func read(_ path: String) throws -> [UInt8] {
        try LocalFileSystem().read(path, countMax: Envelope.byteCountMax + 1)
    }

    /// An envelope; one line feed may follow it.
    static func canonical(_ bytes: [UInt8]) throws -> Envelope {
        try Envelope(canonical: bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes)
    }

    /// The envelope to sign: one that was given, or a new one around a document.
    static func unsigned(_ bytes: [UInt8], type: String?) throws -> Envelope {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw Failure(
                .failed,
                Text(
                    en: "the document is no JSON of texts, whole numbers below 2^53, true, false,"
                        + " lists and objects, which is all that is signed",
                    es: "el documento no es JSON de textos, números enteros menores que 2^53, true,"
                        + " false, listas y objetos, que es todo lo que se firma"
                ),
                word: "payload"
            )
        }
        if document["payloadType"] != nil { return try canonical(bytes) }
        if let type {
            let countMax = Envelope.payloadTypeCountMax
            do {
                return try Envelope(unsigned: document.canonicalBytes, payloadType: type)
            } catch StatementError.invalidValue {
                throw Failure(
                    .usage,
                    Text(
                        en: "a payload type has 1 to \(countMax) printable ASCII characters without"
                            + " spaces",
                        es: "un tipo tiene de 1 a \(countMax) caracteres ASCII imprimibles, sin"
                            + " espacios"
                    ),
                    word: "type"
                )
            }
        }
        var fields = try StatementFields(document)
        let name = try fields.string("type")
        let version = try fields.integer("v", in: 1...JSONValue.integerMax)
        return try Envelope(
            unsigned: document.canonicalBytes,
            payloadType: "application/vnd.resguardo.\(name).v\(version)+json"
        )
    }
}

/// Ed25519 keys in files: hexadecimal, or the PEM that `openssl genpkey -algorithm ed25519` writes.
enum PlumbingEd25519 {
    /// RFC 8410, section 7: PKCS 8 with a 32-byte seed.
    private static let secretPrefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
    /// RFC 8410, section 4: SubjectPublicKeyInfo with a 32-byte key.
    private static let publicPrefix: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    private static let countMax = 4096

    static func secretKey(_ path: String) throws -> Ed25519.SecretKey {
        var seed = try bytes(path, label: "PRIVATE KEY", prefix: secretPrefix)
        return try Ed25519.SecretKey(seed: SecretBytes(wiping: &seed))
    }

    static func publicKey(_ path: String) throws -> Ed25519.PublicKey {
        try Ed25519.PublicKey(bytes(path, label: "PUBLIC KEY", prefix: publicPrefix))
    }

    private static func bytes(_ path: String, label: String, prefix: [UInt8]) throws -> [UInt8] {
        let text = String(
            decoding: try LocalFileSystem().read(path, countMax: countMax),
            as: UTF8.self
        )
        let lines = text.split(separator: "\n").map(String.init)
        if lines.first == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----" {
            // Where a key is malformed is nobody's business.
            if let der = try? Base64.decode(lines.dropFirst().dropLast().joined()),
                der.count == prefix.count + Ed25519.keyCount, der.starts(with: prefix)
            {
                return Array(der.dropFirst(prefix.count))
            }
        } else if lines.count == 1, let key = try? Hex.decode(lines[0]),
            key.count == Ed25519.keyCount
        {
            return key
        }
        throw Failure(
            .usage,
            Text(en: "\(path) holds no Ed25519 key", es: "\(path) no tiene una llave Ed25519"),
            word: "key"
        )
    }
}
