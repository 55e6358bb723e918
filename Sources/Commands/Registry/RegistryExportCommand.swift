// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Exports
import SnapshotFormat
import Sodium

/// In which language of others the registry is written down.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
    case atprotoLabels = "atproto-labels"
    case atprotoLabeler = "atproto-labeler"
    case atprotoVerification = "atproto-verification"
    case credential = "vc"
    case nostr
    case nostrRank = "nostr-rank"
    case stix
    case trustText = "trust-txt"
}

/// `resguardo registry export`: what everybody may know, as others read it.
struct RegistryExportCommand: TradesStatements {
    /// The key of a home from which the keys of exports follow.
    static let keyName = "export"

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: Text(
            en: "Write what everybody may know as labels, credentials, events or STIX.",
            es: "Escribir lo que todos pueden saber como etiquetas, credenciales, eventos o STIX."
        ).local,
        discussion: Text(
            en: """
                From a public snapshot, and from nothing else: who did not choose to be public is \
                in no export. Signed with keys that follow from one key of this home (`registry \
                key new export`) and sign nothing else. Labels and credentials end with the \
                snapshot, within a week: export again after each snapshot.
                """,
            es: """
                De una instantánea pública, y de nada más: quien no eligió ser público no aparece \
                en ninguna exportación. Se firma con llaves que se derivan de una llave de este \
                directorio (`registry key new export`) y no firman otra cosa. Etiquetas y \
                credenciales terminan con la instantánea, en una semana: exporte de nuevo después \
                de cada una.
                """
        ).local
    )

    @OptionGroup var snapshot: SnapshotFileArgument

    @Option(
        help: ArgumentHelp(
            Text(
                en: "What to write.",
                es: "Qué escribir."
            ).local,
            valueName: Text(en: "format", es: "formato").local
        )
    )
    var format: ExportFormat

    @Option(
        help: ArgumentHelp(
            Text(en: "Where to write it.", es: "Dónde escribirlo.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            Text(
                en: "For labels: the DID of the label server.",
                es: "Para etiquetas: el DID del servidor de etiquetas."
            ).local,
            valueName: Text(en: "did", es: "identificador").local
        )
    )
    var source: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "For verifications: names of accounts today, a JSON object a line.",
                es: "Para verificaciones: nombres actuales de cuentas, un objeto JSON por línea."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var profiles: String?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "For trust.txt: one line, such as member=https://diario.example/ (several).",
                es: "Para trust.txt: una línea, como member=https://diario.example/ (varias)."
            ).local,
            valueName: Text(en: "line", es: "línea").local
        )
    )
    var line: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "The key of this home to sign with.",
                es: "La llave de este directorio con la que se firma."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var key = Self.keyName

    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let desk = RegistryDesk(context)
        let opened = try snapshot.open(.everyone, at: desk)
        let news = try SourceNews.all(in: opened)
        let export = try make(opened, news, desk)
        try OutputFile.write(export.bytes, to: output, force: files.force, mode: 0o644)
        return outcome(export, context)
    }

    /// What was written, and who answers for it.
    private struct Export {
        let bytes: [UInt8]
        let count: Int
        var signer: String?

        init(_ objects: [JSONValue], signer: String? = nil) {
            bytes = objects.flatMap { $0.canonicalBytes + [UInt8(ascii: "\n")] }
            count = objects.count
            self.signer = signer
        }

        init(text: [UInt8], count: Int) {
            bytes = text
            self.count = count
        }
    }

    private func make(
        _ opened: Snapshot,
        _ news: [SourceNews],
        _ desk: RegistryDesk
    ) throws -> Export {
        let date = opened.header.date
        switch format {
        case .atprotoLabeler: return Export([ATProtoLabels.declaration(date: date)])
        case .atprotoVerification:
            let profiles = try readProfiles()
            return Export(
                news.compactMap { news in
                    profiles[news.account.stableID].flatMap {
                        ATProtoLabels.verification(of: news, profile: $0, date: date)
                    }
                }
            )
        case .stix: return Export([try STIXBundle.make(of: opened)])
        case .trustText:
            let text = try TrustText(try line.map(Self.trustLine), sources: news)
            return Export(text: text.bytes, count: text.lines.count)
        case .atprotoLabels, .credential, .nostr, .nostrRank:
            return try signed(news, date, keys(desk))
        }
    }

    private func signed(
        _ news: [SourceNews],
        _ date: Int64,
        _ keys: borrowing ExportKeys
    ) throws -> Export {
        var objects: [JSONValue] = []
        switch format {
        case .credential:
            for news in news {
                let made = AttestationCredential.make(for: news, key: keys.credential, date: date)
                if let made { objects.append(made) }
            }
            return Export(objects, signer: keys.credential.did)
        case .nostr, .nostrRank:
            for news in news {
                let made =
                    format == .nostr
                    ? NostrEvent.make(for: news, key: keys.nostr, date: date)
                    : NostrEvent.rank(for: news, key: keys.nostr, date: date)
                if let made { objects.append(made) }
            }
            return Export(objects, signer: Hex.encode(keys.nostr.publicKey))
        default:
            guard let source, source.hasPrefix("did:") else { throw ExportFailure.noSource }
            for news in news {
                objects += ATProtoLabels.labels(
                    for: news,
                    source: source,
                    key: keys.label,
                    date: date
                )
            }
            return Export(objects, signer: keys.label.did)
        }
    }

    private func keys(_ desk: RegistryDesk) throws -> ExportKeys {
        let seed = try desk.withPassphrase { try desk.keys.seed(key, passphrase: $0) }
        return try ExportKeys(seed: seed)
    }

    private func readProfiles() throws -> [String: ATProtoProfile] {
        guard let profiles else { throw ExportFailure.noProfiles }
        var known: [String: ATProtoProfile] = [:]
        let lines = try RegistryHome.read(profiles).split(separator: UInt8(ascii: "\n"))
        for (index, line) in lines.enumerated() {
            guard let value = try? JSONValue(parsing: Array(line)),
                let profile = ATProtoProfile(value)
            else { throw ExportFailure.badProfile(profiles, line: index + 1) }
            known[profile.did] = profile
        }
        return known
    }

    private static func trustLine(_ text: String) throws -> TrustText.Line {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let attribute = TrustText.Attribute(rawValue: parts[0]) else {
            throw ExportFailure.badLine(text)
        }
        return try TrustText.Line(attribute, parts[1])
    }

    private func outcome(_ export: Export, _ context: Context) -> Outcome {
        var json: [String: JSONValue] = [
            "count": .integer(Int64(export.count)), "file": .string(output),
            "format": .string(format.rawValue),
        ]
        json["signer"] = export.signer.map { .string($0) }
        var lines = [
            Text(
                en: "\(output): \(export.count) of \(format.rawValue)",
                es: "\(output): \(export.count) de \(format.rawValue)"
            )[context.language]
        ]
        if let signer = export.signer {
            lines.append(
                Text(en: "signed by \(signer)", es: "firmado por \(signer)")[context.language]
            )
        }
        return Outcome(json: .object(json), lines: lines)
    }
}
