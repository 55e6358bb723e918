// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Registry
import SnapshotFormat
import Sodium
import Statements
import Storage
import TransparencyLog

/// Where a person sits down to do something with a registry: home, keys, log, exchange.
final class RegistryDesk {
    /// Name of the key that an operator's log hangs on.
    static let operatorKeyName = "operator"
    private static let logKeyLabel = Array("resguardo-registry/log-key/v1".utf8)

    let context: Context
    let home: RegistryHome
    let keys: RegistryKeyStore
    let exchange: RegistryExchange?
    // Asked for once: standard input can be read only once.
    private var passphrase: SecretBytes?
    /// Ring signatures that were made here and are not left anywhere yet.
    var madeSeals: [RegistryID: [UInt8]] = [:]

    init(_ context: Context) {
        self.context = context
        home = RegistryHome(context)
        keys = RegistryKeyStore(home, isDemo: context.isDemo)
        exchange = context.exchange.map { RegistryExchange($0) } ?? home.followed(context)
    }

    // MARK: Keys

    /// Lends the passphrase, which is asked for the first time.
    func withPassphrase<R: ~Copyable>(
        confirm: Bool = false,
        _ body: (borrowing SecretBytes) throws -> R
    ) throws -> R {
        let secret: SecretBytes
        if let known = passphrase.take() {
            secret = known
        } else {
            secret = try context.passphrase(confirm: confirm)
        }
        passphrase = secret.copy()
        return try body(secret)
    }

    func createKey(_ name: String) throws -> RegistryKey {
        let isFirst = try keys.names().isEmpty
        return try withPassphrase(confirm: isFirst) {
            try keys.create(name, passphrase: $0)
        }
    }

    func secretKey(_ name: String) throws -> Ed25519.SecretKey {
        try withPassphrase { try keys.open(name, passphrase: $0) }
    }

    /// The key of a statement that one organisation makes for itself.
    func onlyKey(_ names: [String]) throws -> RegistryKey {
        guard names.count == 1 else {
            throw Failure(
                .usage,
                Text(
                    en: "an organisation says this for itself: give one --key",
                    es: "esto lo dice una organización por sí misma: indique un solo --key"
                )
            )
        }
        return try keys.publicKey(names[0])
    }

    /// The log's own key follows from the operator's: one secret to keep.
    func logSigner(origin: String) throws -> NoteSigner {
        let seed = try withPassphrase {
            try keys.seed(Self.operatorKeyName, passphrase: $0)
        }
        let logSeed = HKDFSHA256.derive(
            secret: seed,
            salt: [],
            info: Self.logKeyLabel,
            count: Ed25519.keyCount
        )
        return NoteSigner(
            name: try Self.keyName(origin),
            key: try Ed25519.SecretKey(seed: logSeed)
        )
    }

    static func keyName(_ origin: String) throws -> KeyName {
        do {
            return try KeyName(origin)
        } catch {
            throw Failure(
                .usage,
                Text(
                    en: "“\(origin)” is no name of a log: no spaces and no “+”",
                    es: "«\(origin)» no sirve como nombre: sin espacios ni «+»"
                ),
                hint: Text(
                    en: "for example registry.example/log",
                    es: "por ejemplo registro.example/log"
                )
            )
        }
    }

    // MARK: The log

    /// The log of this home, or the one that is followed through the exchange directory.
    func reader() throws -> (reader: TiledLogReader, isOwn: Bool) {
        if try home.hasLog() {
            guard let verifier = try home.verifier() else { throw RegistryFailure.noRegistry }
            do {
                return (try TiledLogReader(directory: home.logDirectory, log: verifier), true)
            } catch {
                throw RegistryFailure.log(error, isOwn: true)
            }
        }
        if let node = exchange?.node { return (try node.reader(home), false) }
        guard let exchange, try home.files.exists(exchange.vkey) else {
            throw RegistryFailure.noRegistry
        }
        let verifier = try pinned(exchange)
        do {
            return (try TiledLogReader(directory: exchange.log, log: verifier), false)
        } catch {
            throw RegistryFailure.log(error, isOwn: false)
        }
    }

    /// The key of the log that is followed: the first one seen, for ever.
    private func pinned(_ exchange: RegistryExchange) throws -> NoteVerifier {
        if let verifier = try home.verifier() { return verifier }
        let verifier = try RegistryHome.verifier(in: exchange.vkey)
        try home.remember(verifier)
        context.console.note(
            Text(
                en: "from now on following the registry \(verifier.encoded)",
                es: "desde ahora se sigue el registro \(verifier.encoded)"
            )
        )
        return verifier
    }

    /// Reads the log up to `time`, and remembers that it was found right.
    func log(asOf time: Int64, fromScratch: Bool = false) throws -> RegistryLog {
        let (reader, isOwn) = try reader()
        do {
            let known = fromScratch ? nil : try home.seen()
            let log = try RegistryLog(
                reader,
                asOf: time,
                known: known,
                seals: seals,
                ahead: fetchSeals
            )
            if let mark = log.mark, mark != known { try home.remember(mark) }
            return log
        } catch {
            throw RegistryFailure.log(error, isOwn: isOwn)
        }
    }

    /// What the registry says now.
    func state() throws -> RegistryState {
        try log(asOf: .max).state
    }

    /// What the registry said at the moment that the person asked for.
    func stateAsOf() throws -> RegistryState {
        try log(asOf: context.now).state
    }

    /// What every statement of today starts with.
    func head(_ state: RegistryState) -> RegistryHead {
        RegistryHead(context: state.context, dayOf: context.now)
    }

    // MARK: Statements

    /// Signs a statement with keys of this home.
    ///
    /// Says what it means first, and asks; keys of which only the public half is here sign
    /// elsewhere.
    func sign(
        _ statement: some Statement,
        with names: [String],
        isTold: Bool = false
    ) throws -> Envelope {
        if !isTold { try requireConsent(to: statement) }
        do {
            var envelope = try Envelope(
                unsigned: statement.payload,
                payloadType: type(of: statement).payloadType
            )
            for name in names where try keys.isComplete(name) {
                try envelope.sign(with: try secretKey(name))
            }
            return envelope
        } catch let error as StatementError {
            throw RegistryFailure.invalid(error)
        }
    }

    /// What became of a statement.
    enum Place {
        case appended(index: UInt64)
        case waiting(path: String, reason: Refusal?)
        case written(path: String)
    }

    /// Appends a statement if this home is the operator's and the statement is complete; leaves it
    /// for others otherwise.
    func submit(_ envelope: Envelope, output: String?) throws -> Place {
        if envelope.signatures.isEmpty { return try writeRequest(envelope, output: output) }
        // Before the statement: who finds that, looks for them.
        if exchange?.node == nil || output != nil { try leaveSeals(output: output) }
        if let output {
            return .written(path: try RegistryExchange.merge(envelope, into: output))
        }
        guard try home.hasLog() else {
            guard let exchange else {
                throw Failure(
                    .usage,
                    Text(
                        en: "there is no place to leave the statement",
                        es: "no hay dónde dejar la declaración"
                    ),
                    hint: Text(
                        en: "follow a registry on a node, give --exchange DIR, or --output FILE to"
                            + " carry it elsewhere",
                        es: "siga un registro en un nodo, indique --exchange DIRECTORIO, o --output"
                            + " ARCHIVO para llevarla"
                    )
                )
            }
            let reason = try refusalToday(of: envelope)
            if let reason, !Self.curable.contains(reason) {
                throw RegistryFailure.refused(reason)
            }
            let path = try exchange.leave(envelope)
            // A node takes them once it knows what they are for.
            if exchange.node != nil { try leaveSeals(output: nil) }
            return .waiting(path: path, reason: reason)
        }
        let state = try state()
        let batch = RegistryBatch(
            state: state,
            opening: try opening(state),
            pending: [envelope],
            seals: seals
        )
        if let refusal = batch.refused.first {
            guard refusal.reason == .noQuorum || refusal.reason == .notSigned else {
                throw RegistryFailure.refused(refusal.reason)
            }
            let path = try leaveHere(envelope)
            return .waiting(path: path, reason: refusal.reason)
        }
        let size = try append(batch.entries)
        return .appended(index: size - 1)
    }

    /// Refusals that another signature or another statement can cure.
    static let curable: Set<Refusal> = [
        .noCharter, .noQuorum, .notNominated, .notSigned, .sealMissing, .unknownNetwork,
        .unknownRing,
        .unknownSubject, .unknownVerifier,
        .unknownVouch, .uncontrolledAccount, .wrongCharterNumber,
    ]

    /// What the operator would say, so that a person learns it now.
    private func refusalToday(of envelope: Envelope) throws -> Refusal? {
        let state = try state()
        // What is no statement is refused as unreadable.
        guard
            let entry = try? RegistryEntry(
                index: state.entryCount,
                envelope: envelope,
                seals: seals
            )
        else {
            return .unreadable
        }
        return state.refusal(of: entry, at: context.now)
    }

    func leaveHere(_ envelope: Envelope) throws -> String {
        if let exchange { return try exchange.leave(envelope) }
        try home.makeDirectory("pending")
        let name = RegistryExchange.name(of: envelope)
        return try RegistryExchange.merge(envelope, into: home.path("pending/\(name)"))
    }

    /// The operator's word that today has come, if the log has not heard it yet.
    func opening(_ state: RegistryState) throws -> Envelope? {
        let head = head(state)
        guard state.charter != nil, state.clock < head.date else { return nil }
        return try sign(BatchStatement(head: head), with: [Self.operatorKeyName])
    }

    /// Appends entries to the log of this home, and publishes them.
    ///
    /// - Returns: The size of the log afterwards.
    func append(_ entries: [[UInt8]]) throws -> UInt64 {
        guard let verifier = try home.verifier() else { throw RegistryFailure.noRegistry }
        do {
            let signer = try logSigner(origin: verifier.name.description)
            let log = try TiledLog.open(directory: home.logDirectory, signer: signer)
            // First, so that no entry stands in the log whose signature is nowhere.
            try keepSeals(of: entries)
            _ = try log.append(entries, time: context.now)
            try publish(log.reader)
            return log.size
        } catch {
            throw RegistryFailure.log(error, isOwn: true)
        }
    }

    /// Copies the log to the exchange directory, if there is one.
    func publish(_ reader: TiledLogReader) throws {
        guard let exchange, exchange.node == nil, let verifier = try home.verifier() else {
            return
        }
        // A copy that cannot be read is copied again from the start.
        let published = try? TiledLogReader(directory: exchange.log, log: verifier)
        try exchange.publish(
            reader,
            since: min(published?.size ?? 0, reader.size),
            vkey: verifier.encoded
        )
    }
}

extension RegistryDesk {
    /// Signs a statement with keys of this home, and hands it in.
    ///
    /// - Parameters:
    ///   - statement: What is said.
    ///   - names: Of the keys.
    ///   - output: Where to leave it instead, for signatures of others.
    /// - Returns: What became of it.
    /// - Throws: As ``sign(_:with:)`` and ``submit(_:output:)`` do.
    func send(
        _ statement: some Statement,
        with names: [String],
        output: String?
    ) throws -> Outcome {
        let envelope = try sign(statement, with: names)
        return try outcome(envelope, submit(envelope, output: output))
    }

    /// What became of a statement, for the person and for programs.
    func outcome(
        _ envelope: Envelope,
        _ place: Place,
        _ extra: [String: JSONValue] = [:],
        lines: [String] = []
    ) throws -> Outcome {
        var members = extra
        members["digest"] = .string(Hex.encode(SHA256.hash(envelope.payload)))
        members["type"] = .string(envelope.payloadType)
        let told: Text
        switch place {
        case .appended(let index):
            members["place"] = "log"
            members["index"] = .integer(Int64(index))
            told = Text(
                en: "in the registry as entry \(index)",
                es: "en el registro como entrada \(index)"
            )
        case .waiting(let path, let reason):
            members["place"] = "pending"
            members["file"] = .string(path)
            if let reason {
                let why = RegistryText.refusal(reason)
                members["reason"] = .string(reason.rawValue)
                told = Text(
                    en: "waiting in \(path): \(why.en)",
                    es: "en espera en \(path): \(why.es)"
                )
            } else {
                told = Text(
                    en: "waiting for the operator in \(path)",
                    es: "espera al operador en \(path)"
                )
            }
        case .written(let path):
            members["place"] = "file"
            members["file"] = .string(path)
            told = Text(en: "written to \(path)", es: "escrita en \(path)")
        }
        var summary: [String] = []
        if let statement = try? envelope.registryStatement() {
            summary = [RegistryText.summary(statement)[context.language]]
        }
        return Outcome(
            json: .object(members),
            lines: summary + lines + [told[context.language]]
        )
    }
}
