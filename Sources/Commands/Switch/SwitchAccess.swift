// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Sodium
internal import Statements
internal import Storage
internal import Switch
internal import Vault

extension Context {
    /// How often a log that another process writes to is asked for again, and how long apart.
    private static let attemptCountMax = 100
    private static let attemptMicroseconds: UInt32 = 100_000

    /// The exchange of `--exchange`.
    func openExchange() throws -> Exchange { try Exchange.open(requireExchange()) }

    /// The exchange of `--exchange`, to sign in.
    func openExchangeToSign() throws -> Exchange {
        let exchange = try openExchange()
        try requireHonestClock(in: exchange)
        return exchange
    }

    /// Keeps moved clocks out of an exchange on which lives depend.
    func requireHonestClock(in exchange: Exchange) throws {
        guard asOf != nil, !exchange.isDemo else { return }
        throw Failure(
            .notAllowed,
            Text(
                en: "a moved clock signs nothing in an exchange that was not made with --demo",
                es: "un reloj movido no firma nada en un intercambio que no se hizo con --demo"
            )
        )
    }

    /// Repeats what fails only because another process writes to the log at this moment.
    func patiently<T>(_ body: () throws -> T) throws -> T {
        for _ in 1..<Self.attemptCountMax {
            do {
                return try body()
            } catch TiledLogError.locked {
                usleep(Self.attemptMicroseconds)
            }
        }
        return try body()
    }

    /// Appends one statement to the exchange.
    func publish(_ envelope: Envelope, in exchange: Exchange) throws {
        try patiently { try exchange.append([envelope], asOf: now) }
    }

    /// What the log says about the switch that a person named.
    func record(of name: String, in exchange: Exchange) throws -> SwitchRecord {
        let log = try exchange.log()
        return try SwitchRecord(SwitchName.find(name, among: SwitchRecord.ids(in: log)), in: log)
    }
}

/// How people name a switch: its id, or enough of its first digits.
enum SwitchName {
    /// Digits that are shown, and the fewest that are taken.
    static let digitCount = 8

    /// The switch that is meant.
    ///
    /// - Throws: ``SwitchError/unknownSwitch``; a ``Failure`` if several begin like that.
    static func find(_ text: String, among ids: [SwitchID]) throws -> SwitchID {
        let found = ids.filter { $0.text == text || $0.text.hasPrefix(text) }
        guard text.utf8.count >= digitCount, let id = found.first else {
            throw SwitchError.unknownSwitch
        }
        guard found.count == 1 else {
            throw Failure(
                .usage,
                Text(
                    en: "several switches begin with \(text)",
                    es: "varios interruptores empiezan con \(text)"
                ),
                hint: Text(en: "give more digits", es: "indique más dígitos")
            )
        }
        return id
    }

    /// The first digits of an id.
    static func short(_ id: SwitchID) -> String { String(id.text.prefix(digitCount)) }
}

/// Envelopes in files that people hand to each other.
enum EnvelopeFile {
    /// Reads one.
    ///
    /// - Throws: `StatementError`, `FileSystemError`.
    static func read(_ path: String) throws -> Envelope {
        var bytes = try LocalFileSystem().read(path, countMax: Envelope.byteCountMax + 1)
        if bytes.last == 0x0a { bytes.removeLast() }
        return try Envelope(canonical: bytes)
    }

    /// Writes one, readable by its owner only.
    static func write(_ envelope: Envelope, to path: String, force: Bool) throws {
        try OutputFile.write(envelope.bytes + [0x0a], to: path, force: force)
    }
}
