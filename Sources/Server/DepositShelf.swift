// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Statements
package import Storage
internal import Synchronization
internal import TransparencyLog
package import Vault

/// What a node keeps for cases: finished objects with what belongs to them, and uploads.
///
/// A case's folder has the layout of the directory through which colleagues trade, but that
/// receipts and certificates are sealed together as slips, and that it is called by the digest of
/// the case's token. One process owns it.
///
/// Spec: `docs/spec/node.md`, section 6.
package final class DepositShelf: Sendable {
    /// How much a node takes.
    package struct Limits: Sendable {
        /// Bytes in one object.
        package var objectBytesMax: Int64 = 16 << 30
        /// Bytes in all objects of one case.
        package var caseBytesMax: Int64 = 64 << 30
        /// Cases.
        package var caseCountMax = 10_000
        /// Uploads that are open at a time, and those of one case.
        package var uploadCountMax = 1024
        package var uploadsOfCaseMax = 32
        /// Seconds until an upload that is not finished goes.
        package var uploadSeconds: Int64 = 7 * 86_400

        /// The usual limits.
        package init() {}
    }

    /// Why an upload is not begun.
    package enum Refusal: Error, Equatable, Sendable {
        /// The folder belongs to another case.
        case otherCase
        /// The object is here.
        case present
        /// Larger than this node takes.
        case tooLarge
        /// The case has used up what it may, or the node takes no more cases.
        case quota
        /// The case is new, and nobody invited it.
        case notInvited
        /// Too many uploads are open.
        case busy
    }

    /// A finished object that has no entry in the log yet.
    package struct Unsequenced: Sendable {
        fileprivate let room: String
        let parts: DepositOffer.Parts
        /// Whether an earlier run may have given it an entry, so that the log has to be asked.
        let mayHaveEntry: Bool

        /// Names the object in its case.
        fileprivate var place: String { "\(room)/\(parts.name)" }
    }

    private struct State {
        /// Cases that were looked at, and how many there are.
        var rooms: [String: KeptCase] = [:]
        var roomCount = 0
        var uploads: [String: Upload] = [:]
        /// Objects that were handed over to be sequenced, and have no receipt yet.
        var handed: Set<String> = []
    }

    let limits: Limits
    private let files: any FileSystem
    private let node: String
    private let invitations: InvitationDesk?
    private let cases: any CaseStore
    private let uploads: BytePath
    private let lock: any FileLock
    private let state = Mutex(State())
    /// Held by the one request that begins an upload: it may wait for a disk or a store, which what
    /// guards the state never does.
    private let beginning = Mutex(())

    /// Opens what a node keeps.
    ///
    /// - Parameters:
    ///   - directory: Of uploads, and of cases too unless they are elsewhere; made if it is not
    ///     there.
    ///   - cases: Where finished objects are; in the directory without.
    ///   - node: The name of the node's log.
    ///   - limits: How much it takes.
    ///   - invitations: Who may bring new cases; everybody without.
    ///   - files: Through which the directory is changed.
    /// - Throws: `.locked` when another process has it; ``FileFailure``, ``BlobFailure``.
    package init(
        directory: BytePath,
        cases: (any CaseStore)? = nil,
        node: String,
        limits: Limits = Limits(),
        invitations: InvitationDesk? = nil,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        uploads = directory.appending("uploads")
        for path in [directory, uploads] { try files.make(path) }
        lock = try Self.lock(directory.appending("lock"), files)
        self.cases = try cases ?? LocalCases(directory.appending("cases"), files: files)
        self.files = files
        self.node = node
        self.limits = limits
        self.invitations = invitations
        var found = State()
        (found.rooms, found.roomCount) = try self.cases.load()
        for name in try Directory.names(in: uploads) {
            let text = String(decoding: name, as: UTF8.self)
            guard let upload = try Upload.read(uploads.appending(text), node: node, files: files)
            else { continue }
            found.uploads[text] = upload
        }
        let all = found
        state.withLock { $0 = all }
    }

    private static func lock(_ path: BytePath, _ files: any FileSystem) throws -> any FileLock {
        do {
            return try files.lock(path, waiting: false)
        } catch {
            throw error.isLocked ? TiledLogError.locked : error
        }
    }

    // MARK: Beginning

    /// Opens an upload; whoever calls has checked the nonce.
    ///
    /// - Parameters:
    ///   - offer: In order.
    ///   - bytes: The same as text.
    ///   - ticket: The invitation that came with it.
    ///   - now: Seconds since 1970.
    /// - Returns: The capability of the upload, 32 bytes, and when it ends.
    /// - Throws: ``Refusal``, ``FileFailure``.
    package func begin(
        _ offer: DepositOffer,
        _ bytes: [UInt8],
        ticket: InvitationTicket?,
        now: Int64
    ) throws -> (capability: [UInt8], expiry: Int64) {
        let deposit = offer.parts.deposit
        guard deposit.sizeBytes <= limits.objectBytesMax else { throw Refusal.tooLarge }
        let roomName = Hex.encode(offer.upload.room)
        let claim = Array(
            "\(Hex.encode(deposit.casePseudonym)) \(Hex.encode(offer.upload.admission))\n".utf8
        )
        // What costs nothing to find out comes before an object is read, and again after it.
        let isThere = try isThere(offer.parts, in: roomName)
        try check(offer, roomName, claim, isThere: isThere)
        // What is on its way to a receipt is as it was when it came.
        guard !isThere || !isHanded(offer.parts, in: roomName) else { throw Refusal.present }
        guard try !isThere || !isWhole(offer.parts, in: roomName) else { throw Refusal.present }
        return try beginning.withLock { _ in
            if try check(offer, roomName, claim, isThere: isThere) == nil {
                guard try isInvited(ticket, offer) else { throw Refusal.notInvited }
                guard try cases.make(roomName, claim: claim) else { throw Refusal.otherCase }
                state.withLock { state in
                    state.rooms[roomName] = KeptCase(claim: claim, bytes: 0)
                    state.roomCount += 1
                }
            }
            let capability = randomBytes(32)
            let name = Hex.encode(SHA256.hash(capability))
            let expiry = now + limits.uploadSeconds
            let upload = try Upload.create(
                uploads.appending(name),
                room: roomName,
                offer: offer,
                bytes: bytes,
                expiry: expiry,
                files: files
            )
            state.withLock { $0.uploads[name] = upload }
            return (capability, expiry)
        }
    }

    /// Refuses what is over a limit or not this member's.
    ///
    /// - Returns: The case; nil if it is new.
    /// - Throws: ``Refusal``.
    @discardableResult
    private func check(
        _ offer: DepositOffer,
        _ roomName: String,
        _ claim: [UInt8],
        isThere: Bool
    ) throws -> KeptCase? {
        let size = offer.parts.deposit.sizeBytes
        let (open, roomCount, known) = state.withLock { state in
            let open = state.uploads.values.filter { !$0.isFinished }
            return (open, state.roomCount, state.rooms[roomName])
        }
        let ofCase = open.filter { $0.room == roomName }
        guard open.count < limits.uploadCountMax, ofCase.count < limits.uploadsOfCaseMax else {
            throw Refusal.busy
        }
        guard let room = try known ?? cases.find(roomName) else {
            guard roomCount < limits.caseCountMax, size <= limits.caseBytesMax else {
                throw Refusal.quota
            }
            return nil
        }
        guard room.claim == claim else { throw Refusal.otherCase }
        state.withLock { $0.rooms[roomName] = $0.rooms[roomName] ?? room }
        // What takes the place of a lost object takes no place besides.
        let pending = ofCase.reduce(Int64(0)) { $0 + $1.parts.deposit.sizeBytes }
        guard isThere || room.bytes + pending + size <= limits.caseBytesMax else {
            throw Refusal.quota
        }
        return room
    }

    /// Whether a case that is new here may come; what invited it is taken for it alone.
    private func isInvited(_ ticket: InvitationTicket?, _ offer: DepositOffer) throws -> Bool {
        guard let invitations else { return true }
        guard let ticket else { return false }
        return try invitations.take(ticket, for: offer.claim)
    }

    /// Whether an object seems to be here with all that belongs to it, without reading it.
    private func isThere(_ parts: DepositOffer.Parts, in room: String) throws -> Bool {
        let names = ["age", "pieces", "slip"].map { "\(parts.name).\($0)" }
        let sizes = try cases.sizes(of: names, in: room)
        return sizes.allSatisfy { $0 != nil } && sizes[0] == parts.deposit.sizeBytes
    }

    /// Whether every byte of an object is right.
    ///
    /// A member who offers it again was told, or found out, that it is not.
    private func isWhole(_ parts: DepositOffer.Parts, in room: String) throws -> Bool {
        guard let file = try cases.file(parts.name + ".age", of: room) else { return false }
        let size = UInt64(file.sizeBytes)
        let step = UInt64(CiphertextRoot.piecesAtOnceCount)
        var root = CiphertextRoot()
        for start in stride(from: 0, to: size, by: Int(step)) {
            let range = start..<min(start + step, size)
            do {
                let bytes = try file.source.read(range)
                guard bytes.count == range.count else { return false }
                root.update(bytes)
            } catch is FileFailure {
                // A sector that cannot be read is as good as lost.
                return false
            }
        }
        return root.finish() == parts.deposit.ciphertextRoot
    }

    private func isHanded(_ parts: DepositOffer.Parts, in room: String) -> Bool {
        let object = Unsequenced(room: room, parts: parts, mayHaveEntry: false)
        return state.withLock { $0.handed.contains(object.place) }
    }

    /// An object that is here, has no receipt, and that nothing reminds the node of: its upload was
    /// lost.
    ///
    /// - Parameter offer: For which ``begin(_:_:ticket:now:)`` threw ``Refusal/present``.
    /// - Returns: What is to be sequenced; nil if there is a receipt, or will be.
    /// - Throws: ``FileFailure``, ``BlobFailure``.
    func forgotten(_ offer: DepositOffer) throws -> Unsequenced? {
        let room = Hex.encode(offer.upload.room)
        guard try !hasReceipt(offer.parts, in: room) else { return nil }
        let object = Unsequenced(room: room, parts: offer.parts, mayHaveEntry: true)
        return state.withLock { $0.handed.insert(object.place).inserted } ? object : nil
    }

    /// Lets an object be handed over again, for which nothing could be done now.
    func putBack(_ object: Unsequenced) {
        _ = state.withLock { $0.handed.remove(object.place) }
    }

    /// The upload of a capability, if there is one.
    func upload(_ capability: [UInt8]) -> Upload? {
        let name = Hex.encode(SHA256.hash(capability))
        return state.withLock { $0.uploads[name] }
    }

    // MARK: Finishing

    /// Puts a whole object into its case, durably.
    ///
    /// - Returns: What is to be sequenced; nil if it has its receipt, and only the object was lost,
    ///   or if another request puts it there.
    /// - Throws: ``FileFailure``.
    func finish(_ upload: Upload) throws -> Unsequenced? {
        guard upload.beginFinishing() else { return nil }
        var isFinished = false
        defer { upload.endFinishing(isFinished: isFinished) }
        let unsequenced = try settle(upload)
        isFinished = true
        return unsequenced
    }

    private func settle(_ upload: Upload) throws -> Unsequenced? {
        let parts = upload.parts
        let room = upload.room
        let isNew = try upload.place { data in try cases.place(data, parts, in: room) }
        if isNew {
            state.withLock { $0.rooms[room]?.bytes += parts.deposit.sizeBytes }
        }
        if let now = try cases.complete(parts, in: room) {
            state.withLock { $0.rooms[room] = now }
        }
        try upload.discard()
        guard try !hasReceipt(parts, in: room) else { return nil }
        let object = Unsequenced(room: room, parts: parts, mayHaveEntry: false)
        // An object that came twice at once gets one entry.
        return state.withLock { $0.handed.insert(object.place).inserted } ? object : nil
    }

    /// Finished objects without a receipt of this node: an earlier run was ended before.
    package func unsequenced() throws -> [Unsequenced] {
        let uploads = state.withLock { Array($0.uploads.values) }
        return try uploads.compactMap { upload in
            guard upload.isFinished else { return upload.isWhole ? try finish(upload) : nil }
            let names = [upload.parts.name + ".age"]
            guard try cases.sizes(of: names, in: upload.room) != [nil],
                try !hasReceipt(upload.parts, in: upload.room)
            else { return nil }
            return try settle(upload)
        }
    }

    private func hasReceipt(_ parts: DepositOffer.Parts, in room: String) throws -> Bool {
        try cases.sizes(of: [parts.name + ".receipt"], in: room) != [nil]
    }

    /// Keeps the receipt of this node.
    ///
    /// - Throws: ``FileFailure``, ``BlobFailure``.
    package func keep(_ receipt: Receipt, of object: Unsequenced) throws {
        try cases.keep(receipt: receipt.bytes, of: object.parts.name, in: object.room)
        _ = state.withLock { $0.handed.remove(object.place) }
    }

    /// Removes uploads whose time is over; finished objects stay.
    package func removeExpired(now: Int64) throws {
        let expired = state.withLock { state in
            let names = state.uploads.filter { $0.value.expiry <= now }.map(\.key)
            return names.compactMap { state.uploads.removeValue(forKey: $0) }
        }
        for upload in expired { try upload.remove() }
    }

    // MARK: Reading

    /// The files of a case, with their sizes.
    ///
    /// - Parameter token: Of the case.
    /// - Returns: Nil where there is no such case.
    /// - Throws: ``FileFailure``.
    package func list(_ token: [UInt8]) throws -> [(name: String, sizeBytes: Int64)]? {
        try cases.files(of: Hex.encode(SHA256.hash(token)))?.filter { Self.isServed($0.name) }
    }

    /// A file of a case, with its size; nil where there is none.
    package func find(
        _ token: [UInt8],
        _ name: String
    ) throws -> (source: ByteSource, sizeBytes: Int64)? {
        guard Self.isServed(name) else { return nil }
        return try cases.file(name, of: Hex.encode(SHA256.hash(token)))
    }

    private static func isServed(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && ObjectStore.isName(String(parts[0]))
            && ["age", "pieces", "summary", "slip", "receipt"].contains(parts[1])
    }
}
