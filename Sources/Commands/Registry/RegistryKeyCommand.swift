// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium

/// `resguardo registry key`: the keys of a home.
struct RegistryKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: Text(
            en: "Keys to sign for a registry with.",
            es: "Llaves para firmar en un registro."
        ).local,
        subcommands: [
            RegistryKeyNewCommand.self, RegistryKeyAddCommand.self, RegistryKeyListCommand.self,
        ]
    )
}

/// `resguardo registry key new`.
struct RegistryKeyNewCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: Text(
            en: "Make a key; its public half is printed.",
            es: "Crear una llave; se muestra su parte pública."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "Name in this home: lower-case letters, digits, hyphens.",
                es: "Nombre en este directorio: minúsculas, dígitos, guiones."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var names: [String]

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        var keys: [JSONValue] = []
        var lines: [String] = []
        for name in names {
            let key = Hex.encode(try desk.createKey(name).key.bytes)
            keys.append(["key": .string(key), "name": .string(name)])
            lines.append("\(name) \(key)")
        }
        return Outcome(json: ["keys": .array(keys)], lines: lines)
    }
}

/// `resguardo registry key add`.
struct RegistryKeyAddCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: Text(
            en: "Keep the public half of a key that signs on a machine without a network.",
            es: "Guardar la parte pública de una llave que firma en un equipo sin red."
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "Name in this home: lower-case letters, digits, hyphens.",
                es: "Nombre en este directorio: minúsculas, dígitos, guiones."
            ).local,
            valueName: Text(en: "name", es: "nombre").local
        )
    )
    var name: String

    @Argument(
        help: ArgumentHelp(
            Text(
                en: "The public half: 64 hexadecimal digits.",
                es: "La parte pública: 64 dígitos hexadecimales."
            ).local,
            valueName: Text(en: "key", es: "llave").local
        )
    )
    var publicKey: String

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let key = try RegistryDesk(context).keys.add(name, hex: publicKey)
        let hex = Hex.encode(key.key.bytes)
        return Outcome(
            json: ["key": .string(hex), "name": .string(name)],
            lines: ["\(name) \(hex)"]
        )
    }
}

/// `resguardo registry key list`.
struct RegistryKeyListCommand: ResguardoCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Text(
            en: "The public halves of the keys of this home.",
            es: "Las partes públicas de las llaves de este directorio."
        ).local
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        var keys: [JSONValue] = []
        var lines: [String] = []
        for name in try desk.keys.names() {
            let key = Hex.encode(try desk.keys.publicKey(name).key.bytes)
            keys.append(["key": .string(key), "name": .string(name)])
            lines.append("\(name) \(key)")
        }
        return Outcome(json: ["keys": .array(keys)], lines: lines)
    }
}
