// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Storage
import TransparencyLog

/// `resguardo registry init`: the operator's key and an empty log.
struct RegistryInitCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Text(
            en: "Start a registry: an operator's key and an empty log.",
            es: "Crear un registro: la llave del operador y un registro vacío."
        ).local
    )

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Name of the log, for ever.",
                es: "Nombre del registro, para siempre."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var origin: String

    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        _ = try RegistryDesk.keyName(origin)
        guard try !desk.home.hasLog() else {
            throw Failure(
                .notAllowed,
                Text(en: "there is a registry here already", es: "aquí ya hay un registro")
            )
        }
        try desk.home.makeDirectory("")
        // A key without a log is what an interrupted run leaves; it is used again.
        let hasKey = try desk.keys.names().contains(RegistryDesk.operatorKeyName)
        let key =
            hasKey
            ? try desk.keys.publicKey(RegistryDesk.operatorKeyName)
            : try desk.createKey(RegistryDesk.operatorKeyName)
        let signer = try desk.logSigner(origin: origin)
        try desk.home.remember(signer.verifier)
        do {
            let log = try TiledLog.create(
                directory: desk.home.logDirectory,
                signer: signer,
                keepsEntries: true,
                time: context.now
            )
            try desk.publish(log.reader)
        } catch {
            throw RegistryFailure.log(error, isOwn: true)
        }
        let vkey = signer.verifier.encoded
        let told = Text(
            en: "registry started; its log is known by \(vkey)",
            es: "registro creado; se lo reconoce por \(vkey)"
        )
        return Outcome(
            json: [
                "key": .string(Hex.encode(key.key.bytes)), "origin": .string(origin),
                "vkey": .string(vkey),
            ],
            lines: [told[context.language]]
        )
    }
}
