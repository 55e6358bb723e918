// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import RingSignature
import Sodium

/// `resguardo plumbing ring`: linkable ring signatures, step by step.
///
/// Spec: `docs/spec/ring-vouch.md`; the last word of an error line is a class of its section 8.
struct PlumbingRingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ring",
        abstract: Text(
            en: "Sign as one of many, so that nobody can tell which.",
            es: "Firmar como una persona entre muchas, sin que se sepa cuál."
        ).local,
        subcommands: [
            PlumbingRingKeygenCommand.self,
            PlumbingRingAnnounceCommand.self,
            PlumbingRingCheckCommand.self,
            PlumbingRingSignCommand.self,
            PlumbingRingVerifyCommand.self,
        ]
    )

    /// The bytes of an object's file, or of standard input for `-`.
    static func text(_ path: String) throws -> [UInt8] {
        try PlumbingFiles.text(
            path,
            countMax: RingRequest.byteCountMax,
            orThrow: RingRefusal.malformed
        )
    }
}

/// `resguardo plumbing ring keygen`.
struct PlumbingRingKeygenCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: Text(
            en: "Make a ring key for one epoch, and show its public half.",
            es: "Crear una clave de anillo para una época, y mostrar su mitad pública."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: Text(
            en: "Where to write the secret half.",
            es: "Dónde escribir la mitad secreta."
        ).help,
        completion: .file()
    )
    var file: String

    func run(in context: Context) throws -> Outcome {
        let secret = RingSecret()
        try PlumbingFiles.writeSecret(secret.text(), to: file)
        let key = Hex.encode(secret.key.bytes)
        return Outcome(json: ["key": .string(key)], lines: [key])
    }
}

/// The option of the ring commands that need a secret.
struct PlumbingRingKey: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(en: "The file of the secret key.", es: "El archivo de la clave secreta.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var key: String

    func secret() throws -> RingSecret {
        try RingSecret(text: PlumbingAgeFiles.secret(key))
    }
}

/// The argument that says for what a ring key is.
struct PlumbingRingScope: ParsableArguments {
    @Argument(
        help: Text(
            en: "The scope: context, organisation, epoch and constituency (JSON).",
            es: "El ámbito: contexto, organización, época y sector (JSON)."
        ).help,
        completion: .file()
    )
    var scope: String

    func read() throws -> RingPossession.Scope {
        try RingPossession.Scope(parsing: PlumbingRingCommand.text(scope))
    }
}

/// The argument that says what is signed, and by which ring.
struct PlumbingRingRequest: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            Text(
                en: "What is to be signed, and the ring (JSON).",
                es: "Lo que se ha de firmar, y el anillo (JSON)."
            ).local,
            valueName: Text(en: "request", es: "petición").local
        ),
        completion: .file()
    )
    var request: String

    @Flag(
        help: Text(
            en: "Take rings too small to hide anybody, as test vectors have.",
            es: "Aceptar anillos que no ocultan a nadie, como en vectores de prueba."
        ).help
    )
    var anyRing = false

    /// One member alone signs in the open.
    ///
    /// - Throws: `RingRefusal.unsafeRing` for fewer than twelve.
    func read() throws -> RingRequest {
        let request = try RingRequest(PlumbingRingCommand.text(request))
        let memberCount = request.ring.members.count
        if !anyRing && memberCount > 1 {
            try RingSafety.check(memberCount: memberCount, vouchCount: 1)
        }
        return request
    }
}

/// `resguardo plumbing ring announce`.
struct PlumbingRingAnnounceCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "announce",
        abstract: Text(
            en: "Announce a ring key, and prove its possession.",
            es: "Anunciar una clave de anillo y probar que se posee."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var key: PlumbingRingKey
    @OptionGroup var target: PlumbingOutput
    @OptionGroup var random: PlumbingEntropy
    @OptionGroup var scope: PlumbingRingScope

    func run(in context: Context) throws -> Outcome {
        let secret = try key.secret()
        let proof = secret.possession(
            for: try scope.read(),
            entropy: try PlumbingFiles.entropy(random.entropy, orThrow: RingRefusal.malformed)
        )
        let json: JSONValue = [
            "key": .string(Hex.encode(secret.key.bytes)),
            "proof": .string(Hex.encode(proof.bytes)),
        ]
        return try PlumbingFiles.outcome(of: json, output: target.output)
    }
}

/// `resguardo plumbing ring check`.
struct PlumbingRingCheckCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: Text(
            en: "Check an announced ring key.",
            es: "Comprobar una clave de anillo anunciada."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var scope: PlumbingRingScope

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The announcement (JSON).",
                es: "El anuncio (JSON)."
            ).local,
            valueName: Text(en: "announcement", es: "anuncio").local
        ),
        completion: .file()
    )
    var announcement: String

    func run(in context: Context) throws -> Outcome {
        let announced = try RingAnnouncement(parsing: PlumbingRingCommand.text(announcement))
        try announced.possession.verify(announced.key, for: scope.read())
        let key = Hex.encode(announced.key.bytes)
        let text = Text(en: "valid: \(key)", es: "válida: \(key)")
        return Outcome(json: ["key": .string(key)], lines: [text.local])
    }
}

/// `resguardo plumbing ring sign`.
struct PlumbingRingSignCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Text(
            en: "Sign a request as a member of its ring.",
            es: "Firmar una petición como miembro de su anillo."
        ).local,
        discussion: Text(
            en: "Needs no network: a file comes in, and the signature goes out as a file.",
            es: "No necesita red: entra un archivo, y la firma sale como archivo."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var key: PlumbingRingKey
    @OptionGroup var target: PlumbingOutput
    @OptionGroup var random: PlumbingEntropy
    @OptionGroup var request: PlumbingRingRequest

    func run(in context: Context) throws -> Outcome {
        let request = try request.read()
        let signature = try key.secret().sign(
            request.message,
            in: request.ring,
            entropy: PlumbingFiles.entropy(random.entropy, orThrow: RingRefusal.malformed)
        )
        let json: JSONValue = ["signature": .string(Hex.encode(signature.bytes))]
        return try PlumbingFiles.outcome(of: json, output: target.output)
    }
}

/// `resguardo plumbing ring verify`.
struct PlumbingRingVerifyCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify that a member of the ring signed a request.",
            es: "Verificar que un miembro del anillo firmó una petición."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var request: PlumbingRingRequest

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The signature (JSON).",
                es: "La firma (JSON)."
            ).local,
            valueName: Text(en: "signature", es: "firma").local
        ),
        completion: .file()
    )
    var signature: String

    func run(in context: Context) throws -> Outcome {
        let request = try request.read()
        let signature = try RingSignature(
            parsing: PlumbingRingCommand.text(signature),
            for: request
        )
        try signature.verify(request.message, by: request.ring)
        let tag = Hex.encode(signature.tag.bytes)
        var members: [String: JSONValue] = ["tag": .string(tag)]
        var lines = [Text(en: "valid: tag \(tag)", es: "válida: marca \(tag)").local]
        if let quota = signature.quotaTag.map({ Hex.encode($0.bytes) }) {
            members["quotaTag"] = .string(quota)
            lines.append(Text(en: "quota tag \(quota)", es: "marca de cupo \(quota)").local)
        }
        return Outcome(json: .object(members), lines: lines)
    }
}
