// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
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

    /// The exchange of `--exchange`, where there is one, else the nodes of an invitation.
    ///
    /// - Throws: `.usage` where there is neither.
    func openPlace(of invitation: SwitchInvitation) throws -> any SwitchPlace {
        if exchange == nil, let nodes = try SwitchNodes(invitation, self) { return nodes }
        return try Exchange.open(requireExchange())
    }

    /// All places that a command may look at: the exchange, or the nodes of an invitation that was
    /// given, or those of every switch that the home has a part in.
    func openPlaces(_ invitation: String?) throws -> [any SwitchPlace] {
        if let exchange { return [try Exchange.open(exchange)] }
        if let invitation { return [try openPlace(of: Invitation.read(invitation).1)] }
        // Whoever has no home has an exchange or an invitation.
        guard hasHome else { return [try Exchange.open(requireExchange())] }
        return try places(of: openVault())
    }

    /// Whether there is a vault to look into.
    var hasHome: Bool { (try? HomeLayout(vaultPath).check()) != nil }

    /// The nodes of every switch that a home has a part in.
    func places(of home: Home) throws -> [any SwitchPlace] {
        var known: Set<SwitchID> = []
        let kept =
            try OwnerKeys.all(in: home).map(\.invitation)
            + TrusteeKeys.all(in: home).map(\.invitation)
        let places = try kept.compactMap { envelope -> (any SwitchPlace)? in
            let asked = try envelope.read(SwitchInvitation.self)
            guard known.insert(asked.epoch.id).inserted else { return nil }
            return try SwitchNodes(asked, self)
        }
        return places.isEmpty ? [try Exchange.open(requireExchange())] : places
    }

    /// The switch that a person named, wherever it is.
    func findSwitch(
        _ name: String,
        _ invitation: String?
    ) throws -> (record: SwitchRecord, place: any SwitchPlace) {
        let places = try openPlaces(invitation)
        // What is on nodes is known by its invitation before anybody is asked.
        let named = places.filter { place in
            place.onlySwitch?.text.hasPrefix(name) ?? true
        }
        let logs = try named.map { try $0.log() }
        let ids = logs.map { SwitchRecord.ids(in: $0) }
        let id = try SwitchName.find(name, among: ids.flatMap { $0 })
        guard let index = ids.firstIndex(where: { $0.contains(id) }) else {
            throw SwitchError.unknownSwitch
        }
        return (try SwitchRecord(id, in: logs[index]), named[index])
    }

    /// Keeps moved clocks out of places on which lives depend.
    func requireHonestClock(in place: any SwitchPlace) throws {
        guard asOf != nil, !place.isDemo else { return }
        throw Failure(
            .notAllowed,
            Text(
                en: "a moved clock signs nothing in an exchange that was not made with --demo",
                es: "un reloj movido no firma nada en un intercambio que no se hizo con --demo"
            )
        )
    }

    /// The time by which a place counts: that of its witnesses, unless the person asked for another
    /// or the only witness is this program.
    func witnessedTime(in place: any SwitchPlace) throws -> Int64 {
        if let asOf { return asOf.seconds }
        guard let witnessed = try place.time(orOf: now) else {
            throw Failure(
                .cannotReachServer,
                Text(
                    en: "nobody knows the time: fewer than half of the witnesses were heard",
                    es: "nadie sabe la hora: se oyó a menos de la mitad de los testigos"
                )
            )
        }
        return witnessed
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

    /// Has the logs take one statement.
    ///
    /// - Returns: How many have it.
    @discardableResult
    func publish(_ envelope: Envelope, in place: any SwitchPlace) throws -> Int {
        try publish([envelope], in: place)
    }

    /// Has the logs take statements that belong together.
    ///
    /// - Returns: How many have all of them.
    @discardableResult
    func publish(_ envelopes: [Envelope], in place: any SwitchPlace) throws -> Int {
        try requireHonestClock(in: place)
        return try patiently { try place.append(envelopes, asOf: now) }
    }

    /// Sees to it that every log has every statement.
    ///
    /// - Returns: How many do.
    func republish(in place: any SwitchPlace) throws -> Int {
        try place.append([], asOf: now)
    }

    /// What the logs say about a switch.
    func record(
        of id: SwitchID,
        in place: any SwitchPlace,
        as keys: [BriefingKey] = []
    ) throws -> SwitchRecord {
        try SwitchRecord(id, in: place.log(), as: keys)
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
        // Whoever was asked for several epochs of a switch means one switch.
        let found = Set(ids.filter { $0.text == text || $0.text.hasPrefix(text) })
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
