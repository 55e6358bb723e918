// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry
import Statements

/// Which key of the home signs, where several can.
enum SigningKeyOption {
    static let help = ArgumentHelp(
        Text(
            en: "Sign with this key of the home (several times for several keys).",
            es: "Firmar con esta llave del directorio (varias veces para varias llaves)."
        ).local,
        valueName: Text(en: "name", es: "nombre").local
    )
}

/// Options of commands that sign for the registry.
struct RegistryKeyOptions: ParsableArguments {
    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write the signed statement to this file instead of handing it in.",
                es: "Escribir la declaración firmada en este archivo en vez de entregarla."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?

    @OptionGroup var consent: ConsentOptions
}

/// Where a source's own statement goes, if not to the registry.
struct StatementFileOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Text(
                en: "Write the statement to this file instead of handing it in.",
                es: "Escribir la declaración en este archivo en vez de entregarla."
            ).local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var output: String?
}

/// A command that signs a statement of the registry.
protocol SignsForRegistry: TradesStatements, AsksConsent {
    /// With which keys, and where the statement goes.
    var keys: RegistryKeyOptions { get }
}

/// A command that reads a registry.
protocol ReadsRegistry: ReadsAsOf, UsesNodes {}

/// A subject as people write it: 64 digits, or enough of the first ones.
enum SubjectArgument {
    /// The fewest digits that name a subject.
    static let digitCountMin = 6

    static let help = ArgumentHelp(
        Text(
            en: "The subject: its id, or the beginning of it.",
            es: "La fuente: su identificador, o el comienzo de él."
        ).local,
        valueName: Text(en: "subject", es: "fuente").local
    )

    /// The subject that `text` names.
    static func find(_ text: String, in state: RegistryState) throws -> Subject {
        if let id = RegistryID(hex: text), let subject = state.subjects[id] { return subject }
        guard text.utf8.count >= digitCountMin else {
            throw Failure(
                .usage,
                Text(
                    en: "“\(text)” is too short for a subject",
                    es: "«\(text)» es muy corto para una fuente"
                ),
                hint: Text(
                    en: "give at least \(digitCountMin) digits of the id",
                    es: "indique al menos \(digitCountMin) dígitos del identificador"
                )
            )
        }
        let found = state.subjects.values.filter { $0.id.hex.hasPrefix(text) }
        guard let subject = found.first, found.count == 1 else {
            throw Failure(
                .notAllowed,
                found.isEmpty
                    ? RegistryText.refusal(.unknownSubject)
                    : Text(
                        en: "“\(text)” fits several subjects",
                        es: "«\(text)» corresponde a varias fuentes"
                    )
            )
        }
        return subject
    }
}

extension RegistryReason: ExpressibleByArgument {}
extension OrganisationKind: ExpressibleByArgument {}
extension CorrectionFinding: ExpressibleByArgument {}

extension RegistryQuorum: ExpressibleByArgument {
    /// Reads `3/2`: three, from two constituencies.
    package init?(argument: String) {
        let parts = argument.split(separator: "/").map { Int($0) }
        guard parts.count == 2, let count = parts[0], let constituencies = parts[1],
            constituencies >= 1, count >= constituencies, count <= 32
        else { return nil }
        self.init(count: count, constituencies: constituencies)
    }
}
