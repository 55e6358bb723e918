// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Encodings
import Sodium

/// `resguardo plumbing age keygen`: a new identity, or the recipients of old ones.
struct PlumbingAgeKeygenCommand: ResguardoCommand, UsesPassphrase {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: Text(
            en: "Make an age identity.",
            es: "Crear una identidad age."
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions

    @Flag(
        help: Text(
            en: "Make a post-quantum identity (age1pq…).",
            es: "Crear una identidad poscuántica (age1pq…)."
        ).help
    )
    var pq = false

    @Flag(
        name: .customShort("y"),
        help: Text(
            en: "Write the recipients of the identities in the input instead.",
            es: "Escribir en cambio los destinatarios de las identidades de la entrada."
        ).help
    )
    var convert = false

    @Option(
        name: .shortAndLong,
        help: Text(
            en: "Write to this file, which must not exist.",
            es: "Escribir en este archivo, que no debe existir."
        ).help,
        completion: .file()
    )
    var output: String?

    @Argument(
        help: Text(
            en: "With -y: a file of identities (default: standard input).",
            es: "Con -y: un archivo de identidades (si falta: la entrada)."
        ).help,
        completion: .file()
    )
    var input: String?

    func run(in context: Context) throws -> Outcome {
        if convert { return try writeRecipients(in: context) }
        guard input == nil else {
            throw Failure(
                .usage,
                Text(en: "an input is for -y only", es: "la entrada es solo para -y")
            )
        }
        let identity: any AgeIdentity = pq ? HybridIdentity() : X25519Identity()
        let recipient = identity.recipientText ?? ""
        var text = Array("# created: \(Timestamp(seconds: context.now).rfc3339)\n".utf8)
        text += Array("# public key: \(recipient)\n".utf8)
        var line = identity.secretText()?.reveal() ?? []
        text += line + [UInt8(ascii: "\n")]
        defer {
            wipe(&line)
            wipe(&text)
        }
        if output == nil && context.console.isJSON {
            let identity = String(decoding: line, as: UTF8.self)
            let json: JSONValue = ["identity": .string(identity), "recipient": .string(recipient)]
            return Outcome(json: json, lines: [])
        }
        try PlumbingAgeOutput.writing(output, isPrivate: true) { try $0.sink(text.span) }
        guard let output else { return .alreadyWritten }
        context.console.note(
            Text(en: "public key: \(recipient)", es: "clave pública: \(recipient)")
        )
        return Outcome(
            json: ["output": .string(output), "recipient": .string(recipient)],
            lines: []
        )
    }

    private func writeRecipients(in context: Context) throws -> Outcome {
        let identities = try PlumbingAgeFiles.identities(input ?? "-") {
            try context.passphrase(confirm: false)
        }
        let recipients = identities.compactMap(\.recipientText)
        if output != nil {
            let text = recipients.map { "\($0)\n" }.joined()
            try PlumbingAgeOutput.writing(output) { try $0.sink(Array(text.utf8).span) }
        }
        return Outcome(
            json: ["recipients": .array(recipients.map { .string($0) })],
            lines: output == nil ? recipients : []
        )
    }
}

extension AgeRecipient {
    /// The recipient as text; nil for a passphrase.
    var knownText: String? {
        switch self {
        case let recipient as X25519Recipient: recipient.text
        case let recipient as HybridRecipient: recipient.text
        default: nil
        }
    }
}

extension AgeIdentity {
    /// Who seals for this identity, as text.
    var recipientText: String? {
        switch self {
        case let identity as X25519Identity: identity.recipient.text
        case let identity as HybridIdentity: identity.recipient.text
        default: nil
        }
    }

    /// The identity itself, as text.
    func secretText() -> SecretBytes? {
        switch self {
        case let identity as X25519Identity: identity.text()
        case let identity as HybridIdentity: identity.text()
        default: nil
        }
    }

    /// Who seals for this identity.
    ///
    /// Not called `recipient`, which the classes have: with this type
    /// it would call itself.
    var sealer: (any AgeRecipient)? {
        switch self {
        case let identity as X25519Identity: identity.recipient
        case let identity as HybridIdentity: identity.recipient
        default: nil
        }
    }
}
