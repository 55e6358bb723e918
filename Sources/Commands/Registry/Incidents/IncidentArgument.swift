// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import Registry
import SnapshotFormat
import Statements

/// What commands of incidents share.
enum IncidentArgument {
    static let output = ArgumentHelp(
        Text(en: "Where to write it.", es: "Dónde escribirlo.").local,
        valueName: Text(en: "file", es: "archivo").local
    )
    static let sealed = ArgumentHelp(
        Text(
            en: "The sealed file, where it travels by another way than the exchange.",
            es: "El archivo cifrado, si viaja por otra vía que el directorio compartido."
        ).local,
        valueName: Text(en: "file", es: "archivo").local
    )

    /// Reads a group's file.
    static func read(_ path: String) throws -> IncidentGroup {
        let bytes = try RegistryHome.read(path, countMax: IncidentGroup.byteCountMax)
        do {
            return try IncidentGroup(parsing: bytes)
        } catch {
            throw failure(error)
        }
    }

    /// Reads a group, and looks whether its members still are what it says.
    static func group(
        _ path: String,
        _ state: RegistryState,
        at time: Int64
    ) throws
        -> IncidentGroup
    {
        let group = try read(path)
        do {
            try group.verify(in: state, at: time)
        } catch {
            throw failure(error)
        }
        try requireReadable(group)
        return group
    }

    /// Throws unless every card names a key that files can be sealed to.
    static func requireReadable(_ group: IncidentGroup) throws {
        _ = try recipients(of: [group])
    }

    /// The keys of all members, each once.
    static func recipients(of groups: [IncidentGroup]) throws -> [HybridRecipient] {
        try recipients(Set(groups.flatMap(\.cards).map(\.recipient)).sorted())
    }

    /// Reads keys: post-quantum ones only, since one classic key beside them would undo them.
    static func recipients(_ texts: [String]) throws -> [HybridRecipient] {
        do {
            return try texts.map { try HybridRecipient(parsing: $0) }
        } catch {
            throw failure(.malformed)
        }
    }

    /// Names of a group's members.
    static func members(of group: IncidentGroup, _ state: RegistryState) -> [String] {
        group.cards.map { state.verifiers[RegistryID($0.verifier)]?.name ?? "?" }
    }

    /// Why something is not believed, for people.
    static func failure(_ error: IncidentError) -> Failure {
        Failure(.doesNotVerify, meaning(error))
    }

    private static func meaning(_ error: IncidentError) -> Text {
        switch error {
        case .malformed:
            Text(
                en: "this is no card, group or incident, or it is damaged",
                es: "esto no es una tarjeta, un grupo ni un incidente, o está dañado"
            )
        case .otherRegistry:
            Text(en: "it is of another registry", es: "es de otro registro")
        case .unknownVerifier:
            Text(
                en: "an organisation in it is no verifier on that day",
                es: "una organización que aparece no es verificadora ese día"
            )
        case .notSigned:
            Text(
                en: "it was not signed by the organisation that it names",
                es: "no la firmó la organización que dice"
            )
        case .wrongKind:
            Text(
                en: "a member is not of the kind after which the group is called",
                es: "una integrante no es del tipo que da nombre al grupo"
            )
        case .otherAudience:
            Text(
                en: "this file was not made for that statement, or for others to read",
                es: "este archivo no se hizo para esa declaración, o era para que lo lean otras"
            )
        }
    }
}

extension IncidentStatement: Summarised {
    package var summary: Text {
        let end = RegistryText.date(until)
        return Text(
            en: "some organisations share an incident, until \(end)",
            es: "algunas organizaciones comparten un incidente, hasta \(end)"
        )
    }
}

extension IncidentStatement: Foretold {
    var effect: Text {
        Text(
            en: """
                the members of these groups can read what you wrote, and that it was you; it \
                cannot be taken back
                """,
            es: """
                quienes integran estos grupos pueden leer lo que usted escribió, y que fue usted; \
                no se puede retirar
                """
        )
    }

    var audience: Text {
        Text(
            en: """
                everybody: that somebody shared something on that day, and about how long it \
                is; not who, with whom or what
                """,
            es: """
                todo el mundo: que alguien compartió algo ese día, y más o menos qué tan largo \
                es; no quién, con quién ni qué
                """
        )
    }
}
