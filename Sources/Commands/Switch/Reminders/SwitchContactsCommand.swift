// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Sodium
import Statements
import Storage
import Switch
import Vault

/// `resguardo switch sender`: makes the key with which a machine signs what became of reminders.
struct SwitchSenderCommand: UsesPassphrase, UsesTime {
    static let configuration = CommandConfiguration(
        commandName: "sender",
        abstract: Text(
            en: "Make this machine one that reminds you, before the switch is armed.",
            es: "Hacer que esta máquina le recuerde reportarse, antes de armar el interruptor."
        ).local,
        discussion: Text(
            en: """
                Prints a key: give it to “switch arm --sender”. The machine needs a home of its \
                own (trustee init) and holds nothing with which anybody could check in for you.
                """,
            es: """
                Muestra una llave: désela a «switch arm --sender». La máquina necesita un \
                directorio propio (trustee init) y no guarda nada con que alguien pudiera \
                reportarse en su lugar.
                """
        ).local
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var time: TimeOptions

    @Argument(
        help: Text(en: "The invitation.", es: "La invitación.").help,
        completion: .file()
    )
    var file: String

    func run(in context: Context) throws -> Outcome {
        let (invitation, asked) = try Invitation.read(file)
        let home = try context.openVault()
        let lock = try LocalFileSystem().lock(home.layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        let keys = try SenderKeys.make(for: invitation, in: home)
        let key = Hex.encode(keys.signer.publicKey.bytes)
        return Outcome(
            json: ["switch": .string(asked.epoch.id.text), "sender": .string(key)],
            lines: [key]
        )
    }
}

/// `resguardo switch contacts`: whom this machine reminds, and how.
struct SwitchContactsCommand: TradesStatements {
    static let configuration = CommandConfiguration(
        commandName: "contacts",
        abstract: Text(
            en: "Say how the owner is reminded from this machine.",
            es: "Decir cómo se le recuerda a la persona dueña desde esta máquina."
        ).local,
        discussion: Text(
            en: """
                The file has lines such as “mail ana@example.org”, “webhook \
                https://ntfy.example/plants”, “subject Plants”, “text Water the plants.”, \
                “sendmail /usr/bin/msmtp”, “timeout 60”. The words should mean nothing to \
                others; a link in them is refused. The file is sealed in the home: delete it then. \
                With --test, every way is tried at once.
                """,
            es: """
                El archivo lleva líneas como «mail ana@example.org», «webhook \
                https://ntfy.example/plantas», «subject Plantas», «text Riega las plantas.», \
                «sendmail /usr/bin/msmtp», «timeout 60». Las palabras no deben decir nada a \
                otros; no se acepta un enlace en ellas. El archivo queda sellado en el directorio: \
                bórrelo después. Con --test se prueba enseguida cada vía.
                """
        ).local
    )

    @OptionGroup var trade: TradeOptions

    @Argument(help: SwitchNameHelp.any)
    var id: String

    @Argument(help: Text(en: "The file.", es: "El archivo.").help, completion: .file())
    var file: String?

    @Flag(help: Text(en: "Send one message each now.", es: "Enviar un mensaje por cada una.").help)
    var test = false

    func run(in context: Context) throws -> Outcome {
        let home = try context.openVault()
        let ids =
            try SenderKeys.all(in: home).map(\.asked.epoch.id)
            + TrusteeKeys.all(in: home).map(\.id)
        let id = try SwitchName.find(id, among: Array(Set(ids)))
        if let file {
            let countMax = ReminderContacts.byteCountMax
            let bytes = try LocalFileSystem().read(file, countMax: countMax)
            _ = try ReminderContacts(parsing: bytes)
            try KeptContacts.keep(bytes, of: id, in: home)
        }
        guard let contacts = try KeptContacts.find(id, in: home) else { throw Self.nobody }
        if !contacts.hasTwoWays {
            context.console.note(
                Text(
                    en: "warning: two ways that do not fail together are better than one",
                    es: "aviso: dos vías que no fallen juntas son mejores que una"
                )
            )
        }
        var (rows, lines): ([JSONValue], [String]) = ([], [])
        var hasFailed = false
        for channel in contacts.channels {
            var row: [String: JSONValue] = ["channel": .string(channel.kind)]
            var line = channel.kind
            if test {
                let message = ReminderMessage(
                    subject: contacts.subject,
                    text: contacts.text,
                    identifier: Hex.encode(randomBytes(12))
                )
                let isSent = try channel.send(message, timeoutSeconds: contacts.timeoutSeconds) {
                    try context.webhookClient()
                }
                hasFailed = hasFailed || !isSent
                row["delivered"] = .boolean(isSent)
                line += ": " + (isSent ? Self.sent : Self.unsent).local
            }
            rows.append(.object(row))
            lines.append(line)
        }
        return Outcome(
            json: ["switch": .string(id.text), "channels": .array(rows)],
            lines: lines,
            kind: hasFailed ? .failed : nil
        )
    }

    private static let sent = Text(en: "taken over", es: "recibido")
    private static let unsent = Text(en: "FAILED", es: "FALLÓ")
    private static let nobody = Failure(
        .notAllowed,
        Text(
            en: "nobody is reminded of that switch from here",
            es: "desde aquí no se le recuerda a nadie ese interruptor"
        ),
        hint: Text(en: "give a file with contacts", es: "indique un archivo con contactos")
    )
}
