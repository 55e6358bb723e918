// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import SnapshotFormat
import Statements
import Storage

/// `resguardo registry offline`: keys that never meet a network.
struct RegistryOfflineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offline",
        abstract: Text(
            en: "Sign on a machine without a network: a request goes in, signatures come out.",
            es: "Firmar en un equipo sin red: entra una solicitud, salen firmas."
        ).local,
        subcommands: [
            RegistryOfflineRequestCommand.self, RegistryOfflineSignCommand.self,
            RegistryOfflineReturnCommand.self,
        ]
    )
}

/// What the three commands share.
private enum OfflineFile {
    static let outputHelp = ArgumentHelp(
        Text(en: "Where to write it.", es: "Dónde escribirlo.").local,
        valueName: Text(en: "file", es: "archivo").local
    )
    static let requestHelp = ArgumentHelp(
        Text(en: "The request.", es: "La solicitud.").local,
        valueName: Text(en: "request", es: "solicitud").local
    )

    static func request(_ path: String) throws -> RegistryRequest {
        let bytes = try RegistryHome.read(path, countMax: RegistryRequest.byteCountMax)
        guard let request = RegistryRequest(parsing: bytes) else {
            throw Failure(
                .failed,
                Text(en: "\(path) is no request", es: "\(path) no es una solicitud")
            )
        }
        return request
    }
}

/// `resguardo registry offline request`.
struct RegistryOfflineRequestCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: Text(
            en: "Write statements that wait for signatures to a file that can be carried.",
            es: "Escribir las declaraciones que esperan firma en un archivo para llevar."
        ).local,
        discussion: Text(
            en: """
                Without files, all that waits for several signatures. A command that is given a \
                key of which only the public half is here writes such a file too: --output.
                """,
            es: """
                Sin archivos, todo lo que espera varias firmas. También lo escribe una orden a la \
                que se indica una llave de la que aquí solo está la parte pública: --output.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "Files with statements.", es: "Archivos con declaraciones.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var files: [String] = []

    @Option(help: OfflineFile.outputHelp, completion: .file())
    var output: String

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let envelopes =
            files.isEmpty
            ? try desk.waiting().map(\.envelope).filter { $0.isJointStatement }
            : try files.map { try RegistryExchange.read($0) }
        guard (1...RegistryRequest.countMax).contains(envelopes.count) else {
            throw Failure(
                .notAllowed,
                Text(en: "nothing waits for signatures", es: "nada espera firmas")
            )
        }
        let request = RegistryRequest(envelopes)
        try OutputFile.write(request.bytes, to: output, force: false)
        let count = envelopes.count
        return Outcome(
            json: ["file": .string(output), "statements": .integer(Int64(count))],
            lines: [
                Text(
                    en: "\(output): \(count) to sign with `registry offline sign`",
                    es: "\(output): \(count) por firmar con `registry offline sign`"
                )[context.language]
            ]
        )
    }
}

/// `resguardo registry offline sign`.
struct RegistryOfflineSignCommand: UsesPassphrase, UsesTime, AsksConsent {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Text(
            en: "Sign a request; needs neither a network nor a log.",
            es: "Firmar una solicitud; no necesita red ni registro."
        ).local,
        discussion: Text(
            en: """
                Says of each statement what it asks, what follows, and who will see it. The file \
                that comes out holds signatures and nothing else.
                """,
            es: """
                Dice de cada declaración qué pide, qué resulta y quién la verá. El archivo que \
                sale contiene firmas y nada más.
                """
        ).local
    )

    @Argument(help: OfflineFile.requestHelp, completion: .file())
    var request: String

    @Option(help: OfflineFile.outputHelp, completion: .file())
    var output: String

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The account of a control proof, as its owner gave it to you.",
                es: "La cuenta de una prueba de control, como se la dio su dueño."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var link: [String] = []

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let request = try OfflineFile.request(request)
        try OutputFile.requireNew([output], force: false)
        let names = try desk.keys.choose(key)
        let links = try link.map { try RegistryLink.read($0) } + desk.home.links()
        let keys = try names.map { try desk.keys.publicKey($0) }
        var signatures = RegistrySignatures()
        var lines: [String] = []
        for item in request.items {
            guard var envelope = try? item.envelope(),
                let statement = try? envelope.registryStatement()
            else {
                throw Failure(.notAllowed, RegistryText.refusal(.unreadable))
            }
            if let proof = statement as? ProveControlStatement {
                let link = try RegistryConsent.link(of: proof, in: links)
                RegistryConsent.tell(proof, link, context)
            }
            try RegistryConsent(statement: statement).require(context)
            do {
                for name in names { try envelope.sign(with: try desk.secretKey(name)) }
            } catch let error as StatementError {
                throw RegistryFailure.invalid(error)
            }
            signatures.add(envelope, by: keys)
            lines.append(RegistryText.summary(statement)[context.language])
        }
        try OutputFile.write(signatures.bytes, to: output, force: false)
        let count = signatures.items.count
        let told = Text(
            en: "\(output): \(count) signatures for `registry offline return`",
            es: "\(output): \(count) firmas para `registry offline return`"
        )
        return Outcome(
            json: ["file": .string(output), "signatures": .integer(Int64(count))],
            lines: lines + [told[context.language]]
        )
    }
}

/// `resguardo registry offline return`.
struct RegistryOfflineReturnCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: Text(
            en: "Hand in what was signed without a network.",
            es: "Entregar lo que se firmó sin red."
        ).local
    )

    @Argument(help: OfflineFile.requestHelp, completion: .file())
    var request: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "The signatures.", es: "Las firmas.").local,
            valueName: Text(en: "signatures", es: "firmas").local
        ),
        completion: .file()
    )
    var signatures: [String]

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let request = try OfflineFile.request(request)
        var envelopes: [(RegistryRequest.Item, Envelope)] = []
        var count = 0
        for path in signatures {
            let bytes = try RegistryHome.read(path, countMax: RegistryRequest.byteCountMax)
            guard let file = RegistrySignatures(parsing: bytes) else {
                throw Failure(
                    .failed,
                    Text(
                        en: "\(path) holds no signatures",
                        es: "\(path) no contiene firmas"
                    )
                )
            }
            let known = Set(request.items.map(\.digest))
            guard file.items.allSatisfy({ known.contains($0.statement) }) else {
                throw Failure(
                    .notAllowed,
                    Text(
                        en: "\(path) is the answer to another request",
                        es: "\(path) responde a otra solicitud"
                    )
                )
            }
            for item in request.items {
                guard let envelope = try file.envelope(item) else { continue }
                envelopes.append((item, envelope))
            }
            count += file.items.count
        }
        // All of it is right: now, and not before, something is handed in.
        var lines: [String] = []
        let answers = try merged(envelopes)
        let places = try desk.submitAll(answers.map(\.1))
        for ((item, envelope), place) in zip(answers, places) {
            let outcome = try desk.outcome(envelope, place)
            lines += ["\(item.digest.hex.prefix(12)):"] + outcome.lines
        }
        return Outcome(json: ["signatures": .integer(Int64(count))], lines: lines)
    }

    /// One envelope for each statement.
    private func merged(
        _ envelopes: [(RegistryRequest.Item, Envelope)]
    ) throws -> [(RegistryRequest.Item, Envelope)] {
        var result: [(RegistryRequest.Item, Envelope)] = []
        for (item, envelope) in envelopes {
            if let place = result.firstIndex(where: { $0.0.digest == item.digest }) {
                try result[place].1.merge(envelope)
            } else {
                result.append((item, envelope))
            }
        }
        return result
    }
}

extension Envelope {
    /// Whether others than its author have a say in it.
    var isJointStatement: Bool {
        // What is no statement of the registry is not signed in passing.
        guard let statement = try? registryStatement() else { return false }
        return type(of: statement).isJoint
    }
}
