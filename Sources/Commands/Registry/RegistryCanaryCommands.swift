// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Registry
import Sodium
import Statements

/// `resguardo registry source canary`: words that others miss when they stop coming.
struct RegistryCanaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary",
        abstract: Text(
            en: "Promise a word every so often, so that everybody sees when you fall silent.",
            es: "Prometer una palabra cada cierto tiempo, para que se note si usted calla."
        ).local,
        subcommands: [
            RegistryCanaryBeginCommand.self, RegistryCanarySayCommand.self,
            RegistryCanaryEndCommand.self,
        ]
    )
}

/// The chains of words of a home: each follows from a key of its own.
struct CanaryChain {
    /// Words in a chain: ten years, one a week.
    static let wordCount = 520
    private static let keyName = "canary"
    private static let label = Array("resguardo-registry/canary-chain/v1".utf8)

    let desk: RegistryDesk
    let subject: RegistryID

    /// Draws a new chain.
    ///
    /// - Returns: Its anchor.
    /// - Throws: What the key store throws.
    func create() throws -> [UInt8] {
        let known = try desk.keys.names()
        var name = Self.keyName
        var number = 2
        while known.contains(name) {
            name = "\(Self.keyName)-\(number)"
            number += 1
        }
        _ = try desk.createKey(name)
        return try words(of: name)[0]
    }

    /// The word that follows another one.
    ///
    /// - Returns: `nil` when no chain of this home goes on from there.
    /// - Throws: What the key store throws.
    func word(after last: RegistryID) throws -> [UInt8]? {
        let names = try desk.keys.names().filter {
            $0 == Self.keyName || $0.hasPrefix("\(Self.keyName)-")
        }
        for name in names {
            let words = try words(of: name)
            if let place = words.firstIndex(of: last.bytes), place + 1 < words.count {
                return words[place + 1]
            }
        }
        return nil
    }

    /// The words of a chain, the anchor first.
    private func words(of name: String) throws -> [[UInt8]] {
        let seed = try desk.withPassphrase { try desk.keys.seed(name, passphrase: $0) }
        let last = HKDFSHA256.derive(
            secret: seed,
            salt: [],
            info: Self.label + subject.bytes,
            count: 32
        )
        var words = [last.reveal()]
        for _ in 0..<Self.wordCount {
            words.append(AliveStatement.word(before: words[words.count - 1], of: subject.bytes))
        }
        return words.reversed()
    }
}

/// `resguardo registry source canary begin`.
struct RegistryCanaryBeginCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "begin",
        abstract: Text(
            en: "Begin a chain of words, and promise one every so many days.",
            es: "Empezar una cadena de palabras, y prometer una cada cierto número de días."
        ).local,
        discussion: Text(
            en: """
                When a word is two weeks overdue your badge goes, after three you are \
                suspended, and after seven and a half you start anew when you come back. A \
                second chain takes the place of the first one only in the 14 days after you \
                went over to your next key, so that no thief of your key can change it.
                """,
            es: """
                Si una palabra se atrasa dos semanas, su distintivo se va; a las tres queda \
                suspendida, y a las siete y media empieza de nuevo cuando vuelva. Una segunda \
                cadena toma el lugar de la primera solo en los 14 días después de que usted \
                pasó a su siguiente llave, para que ningún ladrón de su llave pueda cambiarla.
                """
        ).local
    )

    @Option(
        help: Text(
            en: "Days from one word to the next, at most 31.",
            es: "Días de una palabra a la siguiente, a lo más 31."
        ).help
    )
    var every = 7

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard (1...CanaryStatement.Promise.daysMax).contains(every) else {
            throw Failure(
                .usage,
                Text(
                    en: "--every is between 1 and 31 days",
                    es: "--every va de 1 a 31 días"
                )
            )
        }
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let anchor = try CanaryChain(desk: desk, subject: own.id).create()
        let statement = CanaryStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            promise: .init(anchor: anchor, everyDays: every)
        )
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

/// `resguardo registry source canary end`.
struct RegistryCanaryEndCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: Text(
            en: "Promise words no more; within 14 days of going over to your next key.",
            es: "No prometer más palabras; a 14 días o menos de pasar a su siguiente llave."
        ).local
    )

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        let statement = CanaryStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            promise: nil
        )
        return try desk.send(statement, with: [own.key], output: keys.output)
    }
}

/// `resguardo registry source canary say`.
struct RegistryCanarySayCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "say",
        abstract: Text(
            en: "Say the next word: post it, and hand it in.",
            es: "Decir la siguiente palabra: publíquela, y se entrega."
        ).local
    )

    @Flag(
        name: .customLong("print"),
        help: Text(
            en: "Show the word only; whoever reads it in your post can hand it in.",
            es: "Solo mostrar la palabra; quien la lea en su publicación puede entregarla."
        ).help
    )
    var printsOnly = false

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let own = try RegistrySubjectStore(home: desk.home).load()
        guard let last = state.subjects[own.id]?.canary?.lastWord else {
            throw RegistryFailure.refused(.noCanary)
        }
        let chain = CanaryChain(desk: desk, subject: own.id)
        guard let word = try chain.word(after: last) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "this home has no further word of that chain",
                    es: "este directorio no tiene más palabras de esa cadena"
                ),
                hint: Text(
                    en: "`registry source rotate`, then `registry source canary begin`",
                    es: "`registry source rotate`, luego `registry source canary begin`"
                )
            )
        }
        let hex = Hex.encode(word)
        let told = Text(en: "post this word: \(hex)", es: "publique esta palabra: \(hex)")
        let line = told[context.language]
        if printsOnly { return Outcome(json: ["word": .string(hex)], lines: [line]) }
        let statement = AliveStatement(
            head: desk.head(state),
            subject: own.id.bytes,
            word: word
        )
        let envelope = try desk.sign(statement, with: [own.key])
        let place = try desk.submit(envelope, output: keys.output)
        return try desk.outcome(envelope, place, ["word": .string(hex)], lines: [line])
    }
}

/// `resguardo registry hear`.
struct RegistryHearCommand: SignsForRegistry {
    static let configuration = CommandConfiguration(
        commandName: "hear",
        abstract: Text(
            en: "Hand in the canary's word that a source posted.",
            es: "Entregar la palabra del canario que publicó una fuente."
        ).local
    )

    @Argument(help: SubjectArgument.help)
    var subject: String

    @Argument(
        help: ArgumentHelp(
            Text(en: "The word, 64 digits.", es: "La palabra, 64 dígitos.").local,
            valueName: Text(en: "word", es: "palabra").local
        )
    )
    var word: String

    @OptionGroup var keys: RegistryKeyOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        guard let word = RegistryID(hex: word) else {
            throw Failure(
                .usage,
                Text(
                    en: "a word is 64 hexadecimal digits",
                    es: "una palabra son 64 dígitos hexadecimales"
                )
            )
        }
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let subject = try SubjectArgument.find(subject, in: state)
        let statement = AliveStatement(
            head: desk.head(state),
            subject: subject.id.bytes,
            word: word.bytes
        )
        return try desk.send(statement, with: desk.keys.choose(keys.key), output: keys.output)
    }
}
