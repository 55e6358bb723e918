// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Registry
package import Statements
internal import Storage
package import TransparencyLog

/// What waits for the operator of a registry: statements that people hand in over HTTP, with the
/// signatures that others added to them.
///
/// A node decides nothing: it keeps out what the registry would never take, merges signatures, and
/// leaves the rest for the operator's next batch.
///
/// Spec: `docs/spec/node.md`, section 13.
package actor RegistryInbox {
    /// Most statements that wait, half of them by strangers; and most lists of accounts.
    package static let pendingCountMax = 10_000
    package static let listCountMax = 1000
    /// Most sealed incidents, and the longest one: the largest inside, and a kilobyte and a half
    /// for each recipient.
    package static let incidentCountMax = 1000
    package static let incidentByteCountMax = 1 << 20
    /// The longest ring signature.
    package static let sealCountMax = 32 * (RingSnapshotStatement.memberCountMax + 3)

    /// What became of a statement.
    package enum Verdict: Equatable, Sendable {
        /// It waits for the operator; why it is not complete, if it is not.
        case waiting(Registry.Refusal?)
        /// The registry will not take it.
        case refused(Registry.Refusal)
        /// Too much waits.
        case full
    }

    private let directory: String
    private let log: String
    private let key: NoteVerifier
    private let curable: Set<Registry.Refusal>
    private let files = LocalFileSystem(isDiscreet: true)
    /// Statements that wait, by what has to be kept beside the log for them.
    private var wanted = WantedFiles()
    /// The keys of who is not in the log yet.
    private var newcomers = WaitingKeys()
    /// The state of the log as of some size.
    private var known: (size: UInt64, mark: RegistryMark?, state: RegistryState)?

    /// The inbox of a registry.
    ///
    /// - Parameters:
    ///   - directory: The registry's part of the operator's home.
    ///   - log: The log's directory.
    ///   - key: The log's.
    ///   - curable: Refusals that another signature or another statement can cure.
    package init(directory: String, log: String, key: NoteVerifier, curable: Set<Registry.Refusal>)
    {
        self.directory = directory
        self.log = log
        self.key = key
        self.curable = curable
    }

    private var pending: BytePath { BytePath(directory).appending("pending") }
    private var lists: BytePath { BytePath(directory).appending("lists") }
    private var seals: BytePath { BytePath(directory).appending("seals") }
    private var incidents: BytePath { BytePath(directory).appending("incidents") }

    /// The name under which a statement waits: the same however many have signed it.
    package static func name(of envelope: Envelope) -> String {
        let unsigned = try? Envelope(
            unsigned: envelope.payload,
            payloadType: envelope.payloadType
        )
        return Hex.encode((unsigned ?? envelope).digest.prefix(16)) + ".json"
    }

    /// Takes a statement, together with the signatures that it has here already.
    ///
    /// - Throws: What reading the log throws; ``FileFailure``.
    package func take(_ envelope: Envelope, now: Int64) throws -> Verdict {
        let state = try state()
        guard let statement = try? envelope.registryStatement() else {
            return .refused(.unreadable)
        }
        // The operator alone says that a day has come.
        if statement is BatchStatement { return .refused(.notSigned) }
        let waiting = try names(pending)
        for name in newcomers.unknown(of: waiting) {
            newcomers.note(name, try read(pending.appending(name)))
        }
        let others = newcomers
        let voices = RegistryVoices(of: statement, state) { others.key($0) }
        var merged = envelope
        let (isKnown, isSigned) = voices.keepRight(in: &merged)
        guard isSigned else { return .refused(.notSigned) }
        let path = pending.appending(Self.name(of: envelope))
        if var there = try read(path) {
            _ = voices.keepRight(in: &there)
            // What was signed more often than an envelope holds stays as it is.
            guard (try? merged.merge(there)) != nil else { return .full }
        } else {
            // A flood of strangers leaves room for those whom the registry knows.
            let places = isKnown ? Self.pendingCountMax : Self.pendingCountMax / 2
            guard waiting.count < places else { return .full }
        }
        let whole = try? RegistryEntry(
            index: state.entryCount,
            envelope: merged,
            seals: source
        )
        let reason = whole.map { state.refusal(of: $0, at: now) } ?? .unreadable
        if let reason, !curable.contains(reason) { return .refused(reason) }
        // Nobody knows the stranger, nor whom it speaks of: that would wait for nothing.
        if reason == .unknownSubject, !isKnown,
            let subject = statement.json["subject"]?.string.flatMap({ RegistryID(hex: $0) }),
            !newcomers.has(subject: subject)
        {
            return .refused(.unknownSubject)
        }
        try files.make(pending)
        try files.replace(path, with: merged.bytes)
        wanted.note(Self.name(of: merged), merged)
        newcomers.note(Self.name(of: merged), merged)
        return .waiting(reason)
    }

    /// What waits, with the digest of each as it stands.
    package func list() throws -> [(name: String, digest: [UInt8])] {
        try names(pending).sorted().compactMap { name in
            try read(pending.appending(name)).map { (name, $0.digest) }
        }
    }

    /// A statement that waits, nil where there is none.
    package func statement(_ name: String) throws -> Envelope? {
        guard name.hasSuffix(".json"), name.utf8.count == 37,
            (try? Hex.decode(String(name.dropLast(5)))) != nil
        else { return nil }
        return try read(pending.appending(name))
    }

    /// Keeps the accounts of a network for the operator, if a statement names them.
    ///
    /// - Returns: Whether one does.
    package func keep(_ list: AccountList) throws -> Bool {
        let isNamed = try isWanted(.list(list.digest.bytes))
        guard isNamed, try names(lists).count < Self.listCountMax else { return false }
        try files.make(lists)
        try files.replace(lists.appending(list.digest.hex + ".jsonl"), with: list.bytes)
        return true
    }

    /// Keeps a ring signature, if a statement that waits names it.
    ///
    /// - Returns: Whether one does.
    package func keep(seal bytes: [UInt8]) throws -> Bool {
        let digest = SHA256.hash(bytes)
        guard try isWanted(.seal(digest)) else { return false }
        try files.make(seals)
        try files.replace(seals.appending(RegistryID(digest).hex), with: bytes)
        return true
    }

    /// A ring signature, nil where there is none.
    package func seal(_ name: String) throws -> [UInt8]? {
        guard let id = RegistryID(hex: name) else { return nil }
        return source(id)
    }

    /// As many of the files that somebody asks for as one answer holds, the first ones first.
    package func parcel(_ names: [String], now: Int64) throws -> [UInt8] {
        var parcel = RegistryParcel()
        for name in names {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            let (folder, file) = (parts[0], parts.count == 2 ? String(parts[1]) : "")
            let contents: [UInt8]? =
                switch folder {
                case "pending": try statement(file)?.bytes
                case "seals": try seal(file)
                case "incidents": try incident(file, now: now)
                default: nil
                }
            guard parcel.append(name, contents) else { break }
        }
        return parcel.bytes
    }

    /// What became of a file.
    package enum FileVerdict: String, Sendable {
        case kept
        /// No statement names it.
        case unnamed
        /// Too many are kept.
        case full
    }

    /// Keeps a sealed incident until it ends, if a statement in the log or waiting for it names it.
    package func keep(incident bytes: [UInt8], now: Int64) throws -> FileVerdict {
        let current = try currentIncidents(now)
        let digest = SHA256.hash(bytes)
        guard try current.contains(digest) || isWanted(.incident(digest)) else { return .unnamed }
        for name in try names(incidents) {
            let isNeeded = try RegistryID(hex: name).map { id in
                try current.contains(id.bytes) || isWanted(.incident(id.bytes))
            }
            if isNeeded != true { try files.remove(incidents.appending(name)) }
        }
        guard try names(incidents).count < Self.incidentCountMax else { return .full }
        try files.make(incidents)
        try files.replace(incidents.appending(RegistryID(digest).hex), with: bytes)
        return .kept
    }

    /// A sealed incident that has not ended, nil where there is none.
    package func incident(_ name: String, now: Int64) throws -> [UInt8]? {
        guard let id = RegistryID(hex: name) else { return nil }
        guard try currentIncidents(now).contains(id.bytes) || isWanted(.incident(id.bytes)) else {
            return nil
        }
        return try Directory.contentsIfPresent(
            of: incidents.appending(id.hex),
            countMax: Self.incidentByteCountMax
        )
    }

    private func currentIncidents(_ now: Int64) throws -> Set<[UInt8]> {
        Set(try state().incidents.map(\.statement).filter { $0.until > now }.map(\.sealed))
    }

    /// Whether a statement that waits names a file.
    ///
    /// Statements keep their names, so each is read once, however many files are uploaded.
    private func isWanted(_ file: WantedFiles.File) throws -> Bool {
        if wanted.names(for: file).contains(where: { FileStatus.exists(pending.appending($0)) }) {
            return true
        }
        for name in wanted.unknown(of: try names(pending)) {
            wanted.note(name, try read(pending.appending(name)))
        }
        return !wanted.names(for: file).isEmpty
    }

    private var source: SealSource {
        let folder = seals
        return { id in
            // What cannot be read is not there: the fold says so.
            try? Directory.contentsIfPresent(
                of: folder.appending(id.hex),
                countMax: Self.sealCountMax
            )
        }
    }

    private func names(_ folder: BytePath) throws -> [String] {
        guard FileStatus.exists(folder) else { return [] }
        return try Directory.names(in: folder).map { String(decoding: $0, as: UTF8.self) }
    }

    private func read(_ path: BytePath) throws -> Envelope? {
        let bytes = try Directory.contentsIfPresent(of: path, countMax: Envelope.byteCountMax + 1)
        // Anybody with the operator's account can leave a file; it must not stop the others.
        return bytes.flatMap { bytes in
            try? Envelope(canonical: bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes)
        }
    }

    /// What the log says now; signatures that were checked are not checked again.
    private func state() throws -> RegistryState {
        let reader = try TiledLogReader(directory: log, log: key)
        if let known, known.size == reader.size { return known.state }
        let read = try RegistryLog(reader, asOf: .max, known: known?.mark, seals: source)
        known = (reader.size, read.mark, read.state)
        return read.state
    }
}

/// Takes statements for a registry, and shows those that wait for signatures.
///
/// Spec: `docs/spec/node.md`, section 13.
package struct RegistrySite: Site {
    private static let prefix = "/registry/pending"
    private static let incidents = "/registry/incidents/"

    private let inbox: RegistryInbox
    private let log: ServerLog

    /// A site.
    ///
    /// - Parameters:
    ///   - inbox: Behind it.
    ///   - log: With the clock.
    package init(_ inbox: RegistryInbox, log: ServerLog) {
        self.inbox = inbox
        self.log = log
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        switch (question.method, question.path) {
        case (.post, Self.prefix): return try await take(question)
        case (.get, Self.prefix):
            let lines = try await inbox.list().map { "\($0.name) \(Hex.encode($0.digest))\n" }
            return Answer(body: Array(lines.joined().utf8))
        case (.post, RegistryParcel.path):
            let bytes = try await question.body(RegistryParcel.questionByteCountMax)
            guard let names = RegistryParcel.names(in: bytes) else {
                return .text(400, "malformed")
            }
            return Answer(body: try await inbox.parcel(names, now: log.now))
        case (.post, "/registry/lists"):
            let bytes = try await question.body(AccountList.byteCountMax)
            guard case .success(let list) = AccountList.parse(bytes) else {
                return .text(400, "malformed")
            }
            return try await inbox.keep(list) ? .text(200, "kept") : .text(403, "unnamed")
        case (.post, "/registry/seals"):
            let bytes = try await question.body(RegistryInbox.sealCountMax)
            return try await inbox.keep(seal: bytes) ? .text(200, "kept") : .text(403, "unnamed")
        case (.post, "/registry/incidents"):
            let bytes = try await question.body(RegistryInbox.incidentByteCountMax)
            let verdict = try await inbox.keep(incident: bytes, now: log.now)
            let status = [RegistryInbox.FileVerdict.kept: 200, .unnamed: 403, .full: 507][verdict]
            return .text(status ?? 500, verdict.rawValue)
        case (.get, let path) where path.hasPrefix(Self.incidents):
            let name = String(path.dropFirst(Self.incidents.count))
            return try await inbox.incident(name, now: log.now).map { Answer(body: $0) }
        case (.get, let path) where path.hasPrefix("/registry/seals/"):
            let name = String(path.dropFirst("/registry/seals/".count))
            return try await inbox.seal(name).map { Answer(body: $0) }
        case (.get, let path) where path.hasPrefix(Self.prefix + "/"):
            let name = String(path.dropFirst(Self.prefix.count + 1))
            return try await inbox.statement(name).map { Answer(body: $0.bytes) }
        default: return nil
        }
    }

    private func take(_ question: Question) async throws -> Answer {
        let bytes = try await question.body(Envelope.byteCountMax)
        guard let envelope = try? Envelope(canonical: bytes) else {
            return .text(400, "unreadable")
        }
        switch try await inbox.take(envelope, now: log.now) {
        case .waiting(let reason): return .text(200, reason?.rawValue ?? "complete")
        case .refused(let reason):
            return .text(reason == .unreadable ? 400 : 403, reason.rawValue)
        case .full: return .text(507, "full")
        }
    }
}
