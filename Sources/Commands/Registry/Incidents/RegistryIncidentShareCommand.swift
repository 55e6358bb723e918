// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import ArgumentParser
import BulkCrypto
import Encodings
import Registry
import Sodium
import Statements
import Storage

/// `resguardo registry incident share`.
struct RegistryIncidentShareCommand: TradesStatements, AsksConsent {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: Text(
            en: "Tell the members of groups what happened.",
            es: "Contar a quienes integran unos grupos qué pasó."
        ).local,
        discussion: Text(
            en: """
                The report is a JSON object: title, description, harm (information, physical, \
                psychological), grade (none, low, moderate, high), from, to, and where wanted \
                techniques (codes of DISARM), accounts [{platform, id}], links, contents \
                (SHA-256). It is signed by your organisation and sealed to the members.
                """,
            es: """
                El informe es un objeto JSON: title, description, harm (information, physical, \
                psychological), grade (none, low, moderate, high), from, to y, si hace falta, \
                techniques (códigos de DISARM), accounts [{platform, id}], links, contents \
                (SHA-256). Lo firma su organización y se cifra a quienes integran los grupos.
                """
        ).local
    )

    @Argument(
        help: ArgumentHelp(
            Text(en: "What happened, as JSON.", es: "Qué pasó, en JSON.").local,
            valueName: Text(en: "report", es: "informe").local
        ),
        completion: .file()
    )
    var report: String

    @Option(
        help: ArgumentHelp(
            Text(en: "A group's file (several).", es: "El archivo de un grupo (varios).").local,
            valueName: Text(en: "file", es: "archivo").local
        ),
        completion: .file()
    )
    var group: [String]

    @Option(
        help: Text(
            en: "Days for which the sealed file is kept.",
            es: "Días durante los que se guarda el archivo cifrado."
        ).help
    )
    var days: Int64 = 90

    @Option(help: IncidentArgument.sealed, completion: .file())
    var sealed: String?

    @Option(help: SigningKeyOption.help)
    var key: [String] = []

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var files: OutputOptions
    @OptionGroup var trade: TradeOptions

    func run(in context: Context) throws -> Outcome {
        try OutputFile.requireNew([sealed].compactMap { $0 }, force: files.force)
        let desk = RegistryDesk(context)
        let state = try desk.state()
        let name = try IncidentKey.name(key, desk)
        let groups = try group.map {
            try IncidentArgument.group($0, state, at: context.now)
        }
        let digests = Set(groups.map(\.digest)).sorted()
        guard (1...IncidentFile.groupCountMax).contains(digests.count) else {
            throw IncidentArgument.failure(.malformed)
        }
        let recipients = try padded(IncidentArgument.recipients(of: groups))
        // Signs this statement, and nothing else ever.
        let once = try Ed25519.SecretKey(seed: SecretBytes(random: Ed25519.keyCount))
        let salt = randomBytes(32)
        let audience = IncidentFile.audience(of: digests, salt: salt)
        let told = try read(
            [
                "audience": .string(Hex.encode(audience)),
                "key": .string(Hex.encode(once.publicKey.bytes)),
                "verifier": .string(try desk.keys.publicKey(name).id.hex),
            ],
            desk.head(state)
        )
        let envelope = try desk.signQuietly(told, with: name)
        let file = IncidentFile(groups: digests, salt: salt, report: envelope)
        let bytes = try AgeEncryptor(recipients: recipients).seal(file.bytes)
        let statement = IncidentStatement(
            head: told.head,
            sealed: SHA256.hash(bytes),
            audience: audience,
            key: once.publicKey.bytes,
            until: told.head.date + min(max(days, 0), 100_000) * RegistryHead.daySeconds
        )
        do {
            _ = try IncidentStatement(payload: statement.payload)
        } catch {
            throw RegistryFailure.invalid(error)
        }
        try RegistryConsent(statement: statement).require(context)
        let id = RegistryID(statement.sealed)
        let outer = try statement.signed(by: once)
        try keep(bytes, id, desk)
        let place = try desk.submit(outer, output: nil)
        // A node takes the file once it knows what it is for.
        if let exchange = desk.exchange, exchange.node != nil {
            try exchange.leave(incident: bytes, id)
        }
        return try desk.outcome(
            outer,
            place,
            ["sealed": .string(Hex.encode(statement.sealed))]
        )
    }

    /// Made-up recipients, so that their number shows little; nobody has their keys.
    private func padded(_ recipients: [HybridRecipient]) -> [HybridRecipient] {
        let count = IncidentFile.recipientCount(for: recipients.count)
        let made = (recipients.count..<count).map { _ in HybridIdentity().recipient }
        return (recipients + made).shuffled()
    }

    /// Keeps the sealed file where its readers find it, before the statement says that it is there.
    private func keep(_ bytes: [UInt8], _ id: RegistryID, _ desk: RegistryDesk) throws {
        if let sealed { try OutputFile.write(bytes, to: sealed, force: files.force) }
        let isOwn = try desk.home.hasLog()
        // A node of this home shows it.
        if isOwn {
            try desk.home.makeDirectory("incidents")
            try RegistryHome.write(desk.home.path("incidents/\(id.hex)"), bytes)
        }
        if let exchange = desk.exchange, exchange.node == nil {
            try exchange.leave(incident: bytes, id)
        }
        if isOwn || desk.exchange != nil || sealed != nil { return }
        throw Failure(
            .usage,
            Text(
                en: "there is no place to leave the sealed file",
                es: "no hay dónde dejar el archivo cifrado"
            ),
            hint: Text(
                en: "give --sealed FILE, and send that file to the members",
                es: "indique --sealed ARCHIVO, y envíelo a quienes integran el grupo"
            )
        )
    }

    /// What the person wrote, with what it cannot know.
    private func read(
        _ known: [String: JSONValue],
        _ head: RegistryHead
    ) throws -> IncidentReport {
        let bytes = try RegistryHome.read(report, countMax: Envelope.byteCountMax)
        // Where a file of a person is no JSON, its editor tells better.
        guard let value = try? JSONValue(parsing: bytes), var members = value.object else {
            throw Failure(
                .failed,
                Text(en: "\(report) is no JSON object", es: "\(report) no es un objeto JSON")
            )
        }
        for name in ["accounts", "contents", "links", "techniques"] where members[name] == nil {
            members[name] = .array([])
        }
        // Statements have their sets in order; people write them as they come.
        for name in ["contents", "techniques"] {
            guard let texts = members[name]?.array?.map(\.string), !texts.contains(nil) else {
                continue
            }
            members[name] = .array(Set(texts.compactMap { $0 }).sorted().map { .string($0) })
        }
        for name in ["from", "to"] {
            let time = members[name]?.string.flatMap { Timestamp(parsing: $0) }
            if let time { members[name] = .integer(time.seconds) }
        }
        members["description"] = members["description"] ?? ""
        members.merge(known) { $1 }
        members["context"] = .string(Hex.encode(head.context))
        members["date"] = .integer(head.date)
        members["type"] = .string(IncidentReport.type)
        members["v"] = .integer(IncidentReport.version)
        do {
            return try IncidentReport(payload: JSONValue.object(members).canonicalBytes)
        } catch {
            throw RegistryFailure.invalid(error)
        }
    }
}

extension RegistryDesk {
    /// Signs what stays out of the log, of which a person is told in other words.
    func signQuietly(_ statement: some Statement, with name: String) throws -> Envelope {
        do {
            return try statement.signed(by: try secretKey(name))
        } catch let error as StatementError {
            throw RegistryFailure.invalid(error)
        }
    }
}
