// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

/// `resguardo registry source recover`.
struct RegistrySourceRecoverCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: Text(
            en: "Take a source's name back without any of its keys, with two of its guardians.",
            es: "Recuperar el seudónimo sin ninguna de sus llaves, con dos de quienes la cuidan."
        ).local,
        discussion: Text(
            en: """
                Makes two new keys here and leaves the statement for the guardians, who add \
                their signatures with `registry sign`. The key holds 14 days after it is in the \
                registry, unless the promised key shows up before. Whoever still has that key \
                uses `registry source rotate`, which holds at once.
                """,
            es: """
                Crea aquí dos llaves nuevas y deja la declaración para quienes la cuidan, que \
                agregan su firma con `registry sign`. La llave vale 14 días después de entrar al \
                registro, salvo que antes aparezca la prometida. Quien aún tiene esa llave usa \
                `registry source rotate`, que vale enseguida.
                """
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let store = RegistrySubjectStore(home: desk.home)
        if try store.exists() {
            let own = try store.load().id
            guard own == subject.id else {
                throw Failure(
                    .notAllowed,
                    Text(
                        en: "this home is another source's",
                        es: "este directorio es de otra fuente"
                    )
                )
            }
        }
        let known = Set(try desk.keys.names())
        var number = 1
        func names() -> [String] {
            let end = number == 1 ? "recovered" : "recovered-\(number)"
            return ["source-\(end)", "source-next-\(end)"]
        }
        while !known.isDisjoint(with: names()) { number += 1 }
        let made = names()
        let (key, next) = (try desk.createKey(made[0]), try desk.createKey(made[1]))
        let statement = RecoverKeyStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            key: key.key.bytes,
            next: next.id.bytes
        )
        let envelope = try desk.sign(statement, with: [made[0]])
        let place = try desk.submit(envelope, output: keys.output)
        try store.save(subject.id, key: made[0], next: made[1])
        let path = desk.home.path("keys")
        context.console.note(
            Text(
                en: "move \(path)/\(made[1]).age elsewhere, as the promise of the next key",
                es: "guarde \(path)/\(made[1]).age en otro lugar: es la siguiente llave"
            )
        )
        return try desk.outcome(
            envelope,
            place,
            ["key": .string(key.id.hex), "subject": .string(subject.id.hex)]
        )
    }
}
