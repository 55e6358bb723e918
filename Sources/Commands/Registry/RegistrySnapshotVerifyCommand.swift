// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import SnapshotFormat

/// `resguardo registry snapshot verify`.
struct RegistrySnapshotVerifyCommand: ReadsRegistry {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Text(
            en: "Verify a snapshot without a network; old, cut or mixed ones are refused.",
            es: "Verificar una instantánea sin red; se rechazan viejas, cortadas o mezcladas."
        ).local
    )

    @OptionGroup var snapshot: SnapshotFileArgument
    @OptionGroup var audience: RegistryAudienceOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var exchange: ExchangeOptions
    @OptionGroup var route: RouteOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let opened = try snapshot.open(audience.audience(), at: RegistryDesk(context))
        let file = snapshot.file
        let header = opened.header
        let told = Text(
            en: """
                \(file) is genuine: version \(header.version) for \(header.audience.name), \
                \(opened.sourceCount) sources, \(opened.designations.count) designations, \
                until \(RegistryText.date(header.expires))
                """,
            es: """
                \(file) es auténtica: versión \(header.version) para \(header.audience.name), \
                \(opened.sourceCount) fuentes, \(opened.designations.count) designaciones, \
                hasta \(RegistryText.date(header.expires))
                """
        )
        return Outcome(
            json: [
                "audience": .string(header.audience.name),
                "designations": .integer(Int64(opened.designations.count)),
                "digest": .string(Hex.encode(opened.seen.digest)),
                "expires": .integer(header.expires),
                "sources": .integer(Int64(opened.sourceCount)),
                "version": .integer(header.version),
            ],
            lines: [told[context.language]]
        )
    }
}
