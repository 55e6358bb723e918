// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Statements
package import Storage
package import Switch
internal import Synchronization
internal import TransparencyLog

/// What a node keeps for switches: of each, the statements with their proofs, and escrow files.
///
/// A switch's folder is called by the digest of its read capability, which the node sees with each
/// request and does not keep. One process owns the shelf.
///
/// Spec: `docs/spec/node.md`, section 12.
package actor SwitchShelf {
    /// Most switches that a node keeps, and most statements of one.
    package static let switchCountMax = 10_000
    package static let statementCountMax = 100_000
    /// Bytes of texts in one answer, but for the first.
    private static let pageCountMax = 1 << 20

    /// Why a statement is not taken.
    package enum Refusal: Error, Equatable, Sendable {
        /// It belongs to nothing here, or is not signed by whom it would have to be.
        case stranger(SwitchDoorman.Refusal)
        /// The same is on its way already.
        case underWay
        /// The node, or the switch, has used up its room.
        case quota
    }

    struct Room {
        var doorman: SwitchDoorman
        /// Where the statement with a digest stands in the log.
        var indices: [[UInt8]: UInt64] = [:]
        /// Statements that wait for the log.
        var waiting: Set<[UInt8]> = []
    }

    private let origin: String
    let directory: BytePath
    let files: any FileSystem
    private let lock: any FileLock
    private let queue: AppendQueue
    private(set) var rooms: [String: Room] = [:]
    private var roomCount: Int
    /// In whose folder the badge with an id lies.
    var badgeRooms: [String: String] = [:]
    /// Badges that were checked.
    var badges: [String: VerifiedBadge] = [:]

    /// Opens what a node keeps.
    ///
    /// - Parameters:
    ///   - directory: Where; made if it is not there.
    ///   - origin: The name of the node's log of switches.
    ///   - queue: Before that log.
    ///   - files: Through which the directory is changed.
    /// - Throws: `.locked` when another process has it; ``FileFailure``.
    package init(
        directory: BytePath,
        origin: String,
        queue: AppendQueue,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        self.directory = directory
        self.origin = origin
        self.queue = queue
        self.files = files
        try files.make(directory)
        do {
            lock = try files.lock(directory.appending("lock"), waiting: false)
        } catch {
            throw error.isLocked ? TiledLogError.locked : error
        }
        let names = try Directory.names(in: directory).filter { $0.count == 64 }
            .map { String(decoding: $0, as: UTF8.self) }
        roomCount = names.count
        for name in names {
            for badge in try Self.badges(in: directory.appending(name)) {
                badgeRooms[badge] = name
            }
        }
    }

    // MARK: Writing

    /// Has the log take a statement, and keeps it with its proof.
    ///
    /// - Parameters:
    ///   - envelope: The statement.
    ///   - escrow: The file that an arming names, where it is one.
    ///   - capability: Of the switch.
    /// - Returns: The statement with its proof; the earlier one if it is here already.
    /// - Throws: ``Refusal``, ``AppendQueue/Refusal``, ``FileFailure``.
    package func take(
        _ envelope: Envelope,
        escrow: EscrowFile?,
        _ capability: SwitchCapability
    ) async throws -> [UInt8] {
        let name = Hex.encode(capability.room)
        let folder = directory.appending(name)
        let room = try room(name)
        let isNew = room == nil
        guard !isNew || roomCount < Self.switchCountMax else { throw Refusal.quota }
        let digest = envelope.digest
        if let index = room?.indices[digest],
            let known = try numbered(folder).contentsIfPresent(of: index)
        {
            return known
        }
        var next = room ?? Room(doorman: SwitchDoorman(origin: origin))
        guard !next.waiting.contains(digest) else { throw Refusal.underWay }
        guard next.indices.count + next.waiting.count < Self.statementCountMax else {
            throw Refusal.quota
        }
        do {
            try next.doorman.admit(envelope) { wanted in
                escrow?.digest == wanted
                    || FileStatus.exists(Self.escrow(wanted, in: folder))
            }
        } catch {
            throw Refusal.stranger(error)
        }
        next.waiting.insert(digest)
        rooms[name] = next
        if isNew { roomCount += 1 }
        defer { forget(digest, in: name) }
        let file = escrow.flatMap { escrow in
            next.doorman.escrowDigests.contains(escrow.digest) ? escrow : nil
        }
        try await Blocking.run { [self] in try keep(file, in: folder) }
        let proof = try await queue.append(capability.entry(of: envelope, origin: origin))
        let text = SwitchText(envelope, proof)
        try await Blocking.run { [self] in try keep(text, in: folder) }
        rooms[name]?.indices[digest] = proof.index
        return text.bytes
    }

    /// Ends the waiting of a statement; a switch of which nothing came to be goes.
    private func forget(_ digest: [UInt8], in name: String) {
        rooms[name]?.waiting.remove(digest)
        guard let room = rooms[name], room.indices.isEmpty, room.waiting.isEmpty else { return }
        rooms[name] = nil
        roomCount -= 1
    }

    /// The file goes first: an arming that is in the log has its escrow.
    private nonisolated func keep(_ escrow: EscrowFile?, in folder: BytePath) throws {
        try files.make(folder)
        guard let escrow else { return }
        try files.make(folder.appending("escrow"))
        try files.replace(Self.escrow(escrow.digest, in: folder), with: escrow.bytes)
    }

    private nonisolated func keep(_ text: SwitchText, in folder: BytePath) throws {
        let file = folder.appending("next-\(text.proof.index)")
        try files.replace(file, with: text.bytes, mode: 0o400)
        try numbered(folder).create()
        try numbered(folder).adopt(file, as: text.proof.index)
    }

    // MARK: Reading

    /// Where the statements of a switch stand in the log, nil where there is no such switch.
    package func indices(_ capability: SwitchCapability) throws -> [UInt64]? {
        try room(Hex.encode(capability.room))?.indices.values.sorted()
    }

    /// The statements of a switch from an index of the log on, with their proofs, as many as fit.
    ///
    /// - Returns: Joined texts; nil where there is no such switch.
    /// - Throws: ``FileFailure``.
    package func page(_ capability: SwitchCapability, from index: UInt64) throws -> [UInt8]? {
        let name = Hex.encode(capability.room)
        guard let room = try room(name) else { return nil }
        let texts = numbered(directory.appending(name))
        var page: [UInt8] = []
        for number in room.indices.values.sorted() where number >= index {
            guard let bytes = try texts.contentsIfPresent(of: number) else { continue }
            guard page.isEmpty || page.count + bytes.count <= Self.pageCountMax else { break }
            page += TextPage.join([bytes])
        }
        return page
    }

    /// An escrow file of a switch, nil where there is none.
    package func escrow(_ digest: [UInt8], _ capability: SwitchCapability) throws -> [UInt8]? {
        let folder = directory.appending(Hex.encode(capability.room))
        return try Directory.contentsIfPresent(
            of: Self.escrow(digest, in: folder),
            countMax: EscrowFile.byteCountMax
        )
    }

    // MARK: Parts

    private static func escrow(_ digest: [UInt8], in folder: BytePath) -> BytePath {
        folder.appending("escrow").appending(Hex.encode(digest) + ".age")
    }

    private nonisolated func numbered(_ folder: BytePath) -> NumberedFiles {
        NumberedFiles(directory: folder.appending("texts"), files: files)
    }

    /// A switch as it was left, nil where there is none.
    func room(_ name: String) throws -> Room? {
        if let room = rooms[name] { return room }
        let folder = directory.appending(name)
        guard FileStatus.exists(folder.appending("texts")) else { return nil }
        var room = Room(doorman: SwitchDoorman(origin: origin))
        let texts = numbered(folder)
        for index in try texts.list().numbers.sorted() {
            guard let bytes = try texts.contentsIfPresent(of: index),
                let text = SwitchText(parsing: bytes)
            else { throw FileFailure.damaged(texts.path(of: index)) }
            // What was taken once is taken again; it changes whom the doorman knows.
            try? room.doorman.admit(text.envelope) { _ in true }
            room.indices[text.envelope.digest] = index
        }
        rooms[name] = room
        return room
    }
}

/// Takes statements of switches, and shows them to whoever has the read capability.
///
/// Spec: `docs/spec/node.md`, section 12.
package struct SwitchSite: Site {
    /// Longest request: an envelope, and a file in base64.
    private static let requestCountMax =
        Envelope.byteCountMax + EscrowFile.byteCountMax / 3 * 4 + 16

    let shelf: SwitchShelf

    /// A site.
    package init(_ shelf: SwitchShelf) {
        self.shelf = shelf
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        let parts = question.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1] == "switches",
            let secret = UploadSite.secret(parts[2]),
            let capability = SwitchCapability(secret)
        else { return nil }
        switch (question.method, parts.count) {
        case (.post, 3): return try await take(question, capability)
        case (.post, 4) where parts[3] == "badges":
            return try await takeBadge(question, capability)
        case (.get, 3):
            guard let indices = try await shelf.indices(capability) else { return nil }
            return Answer(body: Array(indices.map { "\($0)\n" }.joined().utf8))
        case (.get, 4):
            guard let index = UInt64(parts[3]), parts[3] == String(index)[...],
                let page = try await shelf.page(capability, from: index)
            else { return nil }
            return Answer(mediaType: "application/octet-stream", body: page)
        case (.get, 5):
            guard parts[3] == "escrow", let digest = UploadSite.secret(parts[4]),
                let bytes = try await shelf.escrow(digest, capability)
            else { return nil }
            return Answer(mediaType: "application/octet-stream", body: bytes)
        default: return nil
        }
    }

    private func take(_ question: Question, _ capability: SwitchCapability) async throws -> Answer {
        let body = try await question.body(Self.requestCountMax)
        let lines = body.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard (2...3).contains(lines.count), lines.last?.isEmpty == true,
            let envelope = try? Envelope(canonical: Array(lines[0]))
        else { return .text(400, "malformed") }
        var escrow: EscrowFile?
        if lines.count == 3 {
            guard let bytes = try? Base64.decode(lines[1]), bytes.count <= EscrowFile.byteCountMax
            else { return .text(400, "malformed") }
            escrow = EscrowFile(bytes: bytes)
        }
        do {
            return Answer(body: try await shelf.take(envelope, escrow: escrow, capability))
        } catch SwitchShelf.Refusal.stranger(let reason) {
            return .text(reason == .malformed ? 400 : 403, reason.rawValue)
        } catch SwitchShelf.Refusal.underWay {
            return .text(503, "underWay")
        } catch SwitchShelf.Refusal.quota {
            return .text(507, "quota")
        } catch let refusal as AppendQueue.Refusal {
            return .text(503, String(describing: refusal))
        }
    }
}
