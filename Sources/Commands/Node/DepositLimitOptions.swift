// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Server

/// How much a node takes.
struct DepositLimitOptions: ParsableArguments {
    /// What they are called in a configuration file.
    static let names: Set<String> = ["max-object", "case-quota", "max-cases", "invited-only"]

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Largest object to take, in bytes (default: 16 GiB).",
                es: "Objeto más grande que se recibe, en bytes (si falta: 16 GiB)."
            ).local,
            valueName: Text(en: "bytes", es: "octetos").local
        )
    )
    var maxObject: Int64?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Most bytes to keep for one case (default: 64 GiB).",
                es: "Bytes que se guardan a lo más por caso (si falta: 64 GiB)."
            ).local,
            valueName: Text(en: "bytes", es: "octetos").local
        )
    )
    var caseQuota: Int64?

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Most cases to keep (default: 10000).",
                es: "Casos que se guardan a lo más (si falta: 10000)."
            ).local,
            valueName: Text(en: "count", es: "cantidad").local
        )
    )
    var maxCases: Int64?

    @Flag(
        help: Text(
            en: "Take new cases only from those whom you gave a code: invite create.",
            es: "Recibir casos nuevos solo de quienes tengan un código: invite create."
        ).help
    )
    var invitedOnly = false

    /// Whether new cases need an invitation.
    func isInvitedOnly(_ file: ServerFile) throws -> Bool {
        guard let text = file["invited-only"] else { return invitedOnly }
        guard text == "yes" || text == "no" else {
            throw Failure(
                .usage,
                Text(
                    en: "invited-only is yes or no in a configuration file",
                    es: "invited-only es yes o no en un archivo de configuración"
                )
            )
        }
        return invitedOnly || text == "yes"
    }

    /// The limits, those given here before those of the file.
    func limits(_ file: ServerFile) throws -> DepositShelf.Limits {
        var limits = DepositShelf.Limits()
        if let value = try Self.value(maxObject, file["max-object"]) {
            limits.objectBytesMax = value
        }
        if let value = try Self.value(caseQuota, file["case-quota"]) { limits.caseBytesMax = value }
        if let value = try Self.value(maxCases, file["max-cases"]) {
            limits.caseCountMax = Int(clamping: value)
        }
        return limits
    }

    private static func value(_ option: Int64?, _ text: String?) throws -> Int64? {
        guard option != nil || text != nil else { return nil }
        guard let value = option ?? text.flatMap({ Int64($0) }), value > 0 else {
            throw Failure(
                .usage,
                Text(
                    en: "a limit is a number of bytes or cases, 1 or more",
                    es: "un límite es un número de bytes o casos, 1 o más"
                )
            )
        }
        return value
    }
}
