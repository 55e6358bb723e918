// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import SnapshotFormat

/// `resguardo registry snapshot filter`: a public snapshot small enough for every telephone.
struct RegistrySnapshotFilterCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: Text(
            en: "Make a filter of a public snapshot: about three bytes an account, signed.",
            es: "Crear un filtro de una instantánea pública: unos tres bytes por cuenta, firmado."
        ).local,
        discussion: Text(
            en: """
                Whoever holds the filter can ask about an account without telling anybody whom \
                they look at. It never misses one that is in it, and takes one in 784 931 others \
                for one.
                """,
            es: """
                Quien tenga el filtro puede preguntar por una cuenta sin decirle a nadie cuál. \
                Nunca omite una que contiene, y toma por una de ellas a una de cada 784 931 otras.
                """
        ).local
    )

    @OptionGroup var snapshot: SnapshotFileArgument

    @Option(
        help: ArgumentHelp(
            Text(en: "Where to write it.", es: "Dónde escribirlo.").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([output], force: files.force)
        let desk = RegistryDesk(context)
        let opened = try snapshot.open(.everyone, at: desk)
        guard var filter = SnapshotFilter(of: opened) else { throw SnapshotError.wrongAudience }
        for name in try desk.keys.choose(key) { filter.sign(with: try desk.secretKey(name)) }
        let bytes = filter.bytes
        try OutputFile.write(bytes, to: output, force: files.force, mode: 0o644)
        let told = Text(
            en: "\(output): \(bytes.count) bytes, until \(RegistryText.date(filter.expires))",
            es: "\(output): \(bytes.count) bytes, hasta \(RegistryText.date(filter.expires))"
        )
        return Outcome(
            json: [
                "bytes": .integer(Int64(bytes.count)), "expires": .integer(filter.expires),
                "file": .string(output), "signatures": .integer(Int64(filter.signatureCount)),
            ],
            lines: [told[context.language]]
        )
    }
}

/// `resguardo registry snapshot ask`: what a filter says of an account.
struct RegistrySnapshotAskCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: Text(
            en: "Ask a filter about an account, without a network.",
            es: "Preguntar a un filtro por una cuenta, sin red."
        ).local
    )

    @OptionGroup var filter: SnapshotFileArgument

    @OptionGroup var account: SnapshotAccountOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let account = try account.read()
        let opened = try filter.openFilter(at: RegistryDesk(context))
        let (isAttested, isWarned) = (opened.isAttested(account), opened.isWarnedOf(account))
        return Outcome(
            json: ["attested": .boolean(isAttested), "warned": .boolean(isWarned)],
            lines: [answer(isAttested, isWarned)[context.language]]
        )
    }

    /// Bad news wins.
    private func answer(_ isAttested: Bool, _ isWarned: Bool) -> Text {
        if isWarned {
            return Text(
                en: "there is a warning about this account",
                es: "hay una advertencia sobre esta cuenta"
            )
        }
        return isAttested
            ? Text(en: "this account is attested", es: "esta cuenta está atestiguada")
            : Text(
                en: "nothing is known in public about this account",
                es: "no se sabe nada en público de esta cuenta"
            )
    }
}
