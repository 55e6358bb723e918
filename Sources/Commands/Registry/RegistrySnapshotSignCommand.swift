// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import SnapshotFormat
import Sodium
import Statements
import Storage
import TransparencyLog

/// `resguardo registry snapshot sign`.
struct RegistrySnapshotSignCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: Text(
            en: "Add a signature to a snapshot that somebody else made.",
            es: "Añadir una firma a una instantánea que hizo otra persona."
        ).local,
        discussion: Text(
            en: """
                A snapshot holds with as many signatures as the charter asks for. Before this home \
                signs, it looks whether the snapshot was made from the log that it knows. A \
                platform's snapshot is sealed to who signs as well (`create --to` several times), \
                and sealed again afterwards: give --identity and --to.
                """,
            es: """
                Una instantánea vale con tantas firmas como pide la carta. Antes de firmar se mira \
                si se hizo a partir del registro que se conoce aquí. La de una plataforma se cifra \
                también a quien firma (`create --to` varias veces), y se vuelve a cifrar después: \
                indique --identity y --to.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "The snapshot.", es: "La instantánea.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var file: String

    @Option(
        help: ArgumentHelp(
            Text(en: "Where to write it.", es: "Dónde escribirla.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var sealing: SnapshotSealingOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    @Option(
        help: ArgumentHelp(
            Text(
                en: "For a sealed snapshot: the file with a key that opens it.",
                es: "Para una instantánea cifrada: el archivo con una llave que la abre."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var identity: String?

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let desk = RegistryDesk(context)
        var snapshot = try SnapshotFile(
            parsing: SnapshotSeal.read(file, identity: identity)
        )
        let header = snapshot.header
        try sealing.require(for: header.audience)
        let log = try desk.log(asOf: .max)
        guard let charter = log.state.charter(at: context.now) else {
            throw RegistryFailure.noCharter
        }
        guard charter.origin == header.checkpoint.origin else { throw SnapshotError.wrongOrigin }
        try requireKnown(header, desk)
        guard header.date <= context.now, context.now < header.expires else {
            throw context.now < header.date
                ? SnapshotError.notYetValid(from: header.date)
                : SnapshotError.expired(at: header.expires)
        }
        guard header.expires <= charter.until else {
            throw RegistryFailure.refused(.expiredCharter)
        }
        let names = try SnapshotSigners.names(key, charter.snapshotKeys, desk)
        for name in names { snapshot.sign(with: try desk.secretKey(name)) }
        let bytes = try sealing.seal(snapshot.bytes)
        try OutputFile.write(bytes, to: output, force: files.force)
        let (count, threshold) = (snapshot.signatures.count, charter.snapshotThreshold)
        return Outcome(
            json: [
                "digest": .string(Hex.encode(snapshot.digest)), "file": .string(output),
                "signatures": .integer(Int64(count)), "threshold": .integer(Int64(threshold)),
            ],
            lines: [
                Text(
                    en: "\(output): signatures \(count) of \(threshold)",
                    es: "\(output): firmas \(count) de \(threshold)"
                )[context.language]
            ]
        )
    }

    /// Nobody signs for a log that is not the beginning of the one they know, or its continuation.
    private func requireKnown(_ header: SnapshotHeader, _ desk: RegistryDesk) throws {
        let checkpoint = header.checkpoint
        try checkpoint.require(desk.policy(), at: header.date)
        let (reader, isOwn) = try desk.reader()
        do {
            guard UInt64(checkpoint.size) <= reader.size,
                try reader.root(size: UInt64(checkpoint.size)).bytes == checkpoint.root
            else {
                throw Failure(
                    .doesNotVerify,
                    Text(
                        en: "\(file) was not made from the log that is known here",
                        es: "\(file) no se hizo a partir del registro que se conoce aquí"
                    )
                )
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
    }
}

/// To whom a snapshot is sealed.
struct SnapshotSealingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "For a platform: seal it to this key, or to a file of keys (several).",
                es: "Para una plataforma: cifrarla a esta llave, o a un archivo de ellas (varias)."
            ).local,
            valueName: Text(en: "recipient", es: "destinatario").local
        )
    )
    var to: [String] = []

    /// What only a platform may see travels sealed to it; what everybody may see does not.
    func require(for audience: SnapshotAudience) throws {
        guard (audience == .everyone) != to.isEmpty else { return }
        guard audience != .everyone else {
            throw Failure(
                .usage,
                Text(
                    en: "a snapshot for everybody is not sealed",
                    es: "una instantánea para todo el mundo no se cifra"
                )
            )
        }
        throw Failure(
            .usage,
            Text(
                en: "what only a platform may see is sealed to it",
                es: "lo que solo puede ver una plataforma se cifra a ella"
            ),
            hint: Text(
                en: "give --to RECIPIENT: the platform's age key",
                es: "indique --to DESTINATARIO: la llave age de la plataforma"
            )
        )
    }

    func seal(_ bytes: [UInt8]) throws -> [UInt8] {
        try to.isEmpty ? bytes : SnapshotSeal.seal(bytes, to: to)
    }
}

/// Who signs snapshots in a home.
enum SnapshotSigners {
    /// The keys that were asked for, or those of this home that the charter names.
    static func names(
        _ asked: [String],
        _ known: [[UInt8]],
        _ desk: RegistryDesk
    ) throws -> [String] {
        guard asked.isEmpty else { return asked }
        let names = try desk.keys.names().filter { name in
            known.contains(try desk.keys.publicKey(name).key.bytes)
        }
        guard !names.isEmpty else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has no key that the charter lets sign snapshots",
                    es: "ninguna llave de este directorio puede firmar instantáneas"
                )
            )
        }
        return names
    }
}
