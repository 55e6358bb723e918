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
        let folder: BytePath
        let parts: DepositOffer.Parts

        /// Names the object in its case.
        fileprivate var place: BytePath { folder.appending(parts.name) }
    }

    private struct Room {
        var claim: [UInt8]
        var bytes: Int64
    }

    private struct State {
        var rooms: [String: Room] = [:]
        var uploads: [String: Upload] = [:]
        /// Objects that were handed over to be sequenced, and have no receipt yet.
        var handed: Set<BytePath> = []
    }

    let limits: Limits
    private let files: any FileSystem
    private let node: String
    private let invitations: InvitationDesk?
    private let rooms: BytePath
    private let uploads: BytePath
    private let lock: any FileLock
    private let state = Mutex(State())

    /// Opens what a node keeps.
    ///
    /// - Parameters:
    ///   - directory: Where; made if it is not there.
    ///   - node: The name of the node's log.
    ///   - limits: How much it takes.
    ///   - invitations: Who may bring new cases; everybody without.
    ///   - files: Through which it is changed.
    /// - Throws: `.locked` when another process has it; ``FileFailure``.
    package init(
        directory: BytePath,
        node: String,
        limits: Limits = Limits(),
        invitations: InvitationDesk? = nil,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        rooms = directory.appending("cases")
        uploads = directory.appending("uploads")
        for path in [directory, rooms, uploads] { try files.make(path) }
        lock = try Self.lock(directory.appending("lock"), files)
        self.files = files
        self.node = node
        self.limits = limits
        self.invitations = invitations
        var found = State()
        for name in try Directory.names(in: rooms) {
            let text = String(decoding: name, as: UTF8.self)
            if let room = try Self.readRoom(rooms.appending(text)) { found.rooms[text] = room }
        }
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

    private static func readRoom(_ folder: BytePath) throws -> Room? {
        guard
            let claim = try Directory.contentsIfPresent(
                of: folder.appending("claim"),
                countMax: 256
            )
        else { return nil }
        var bytes: Int64 = 0
        for name in try Directory.names(in: folder) where name.suffix(4).elementsEqual(".age".utf8)
        {
            bytes += try FileStatus(of: folder.appending(name), followingLinks: false).sizeBytes
        }
        return Room(claim: claim, bytes: bytes)
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
        let folder = rooms.appending(roomName)
        let claim = Array(
            "\(Hex.encode(deposit.casePseudonym)) \(Hex.encode(offer.upload.admission))\n".utf8
        )
        let isPresent = try isWhole(offer.parts, in: folder)
        let capability = randomBytes(32)
        let name = Hex.encode(SHA256.hash(capability))
        let expiry = now + limits.uploadSeconds
        return try state.withLock { state in
            let open = state.uploads.values.filter { !$0.isFinished }
            let ofCase = open.filter { upload in upload.room == roomName }
            guard open.count < limits.uploadCountMax, ofCase.count < limits.uploadsOfCaseMax else {
                throw Refusal.busy
            }
            let pending = ofCase.reduce(Int64(0)) { $0 + $1.parts.deposit.sizeBytes }
            if let room = state.rooms[roomName] {
                guard room.claim == claim else { throw Refusal.otherCase }
                guard !isPresent else { throw Refusal.present }
                guard room.bytes + pending + deposit.sizeBytes <= limits.caseBytesMax else {
                    throw Refusal.quota
                }
            } else {
                guard state.rooms.count < limits.caseCountMax,
                    deposit.sizeBytes <= limits.caseBytesMax
                else { throw Refusal.quota }
                guard try isInvited(ticket, offer) else { throw Refusal.notInvited }
                try files.make(folder)
                try files.replace(folder.appending("claim"), with: claim)
                state.rooms[roomName] = Room(claim: claim, bytes: 0)
            }
            state.uploads[name] = try Upload.create(
                uploads.appending(name),
                room: roomName,
                offer: offer,
                bytes: bytes,
                expiry: expiry,
                files: files
            )
            return (capability, expiry)
        }
    }

    /// Whether a case that is new here may come; what invited it is taken for it alone.
    private func isInvited(_ ticket: InvitationTicket?, _ offer: DepositOffer) throws -> Bool {
        guard let invitations else { return true }
        guard let ticket else { return false }
        return try invitations.take(ticket, for: offer.claim)
    }

    /// Whether an object is here with all that belongs to it, every byte of it right.
    ///
    /// A member who offers it again was told, or found out, that it is not.
    private func isWhole(_ parts: DepositOffer.Parts, in folder: BytePath) throws -> Bool {
        let isThere = ["age", "pieces", "slip"].allSatisfy {
            FileStatus.exists(folder.appending("\(parts.name).\($0)"))
        }
        guard isThere,
            let file = try? OpenedFile.reading(
                folder.appending(parts.name + ".age"),
                followingLinks: false
            ),
            try file.status().sizeBytes == parts.deposit.sizeBytes
        else { return false }
        // A sector that cannot be read is as good as lost.
        return (try? CiphertextRoot.of(file)) == parts.deposit.ciphertextRoot
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

    /// The slip comes last: with it, colleagues take the object.
    private func settle(_ upload: Upload) throws -> Unsequenced? {
        let folder = rooms.appending(upload.room)
        let name = upload.parts.name
        let isNew = try upload.place(folder.appending(name + ".age"))
        if isNew {
            state.withLock { $0.rooms[upload.room]?.bytes += upload.parts.deposit.sizeBytes }
        }
        try files.replace(folder.appending(name + ".summary"), with: upload.parts.summary)
        try files.replace(folder.appending(name + ".pieces"), with: upload.parts.pieces)
        try files.replace(folder.appending(name + ".slip"), with: upload.parts.slip)
        guard !FileStatus.exists(folder.appending(name + ".receipt")) else { return nil }
        let object = Unsequenced(folder: folder, parts: upload.parts)
        // An object that came twice at once gets one entry.
        return state.withLock { $0.handed.insert(object.place).inserted } ? object : nil
    }

    /// Finished objects without a receipt of this node: an earlier run was ended before.
    package func unsequenced() throws -> [Unsequenced] {
        let uploads = state.withLock { Array($0.uploads.values) }
        return try uploads.compactMap { upload in
            let folder = rooms.appending(upload.room)
            guard try upload.isPlaced(in: folder) else { return nil }
            return try upload.isFinished ? settle(upload) : finish(upload)
        }
    }

    /// Keeps the receipt of this node.
    ///
    /// - Throws: ``FileFailure``.
    package func keep(_ receipt: Receipt, of object: Unsequenced) throws {
        try files.replace(
            object.folder.appending(object.parts.name + ".receipt"),
            with: receipt.bytes
        )
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
        let folder = rooms.appending(Hex.encode(SHA256.hash(token)))
        guard FileStatus.exists(folder) else { return nil }
        return try Directory.names(in: folder).compactMap { bytes in
            let name = String(decoding: bytes, as: UTF8.self)
            guard Self.isServed(name) else { return nil }
            let status = try FileStatus(of: folder.appending(bytes), followingLinks: false)
            return (name, status.sizeBytes)
        }
    }

    /// A file of a case, with its size; nil where there is none.
    package func find(_ token: [UInt8], _ name: String) throws -> (BytePath, Int64)? {
        guard Self.isServed(name) else { return nil }
        let path = rooms.appending(Hex.encode(SHA256.hash(token))).appending(name)
        guard FileStatus.exists(path) else { return nil }
        return (path, try FileStatus(of: path, followingLinks: false).sizeBytes)
    }

    private static func isServed(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && ObjectStore.isName(String(parts[0]))
            && ["age", "pieces", "summary", "slip", "receipt"].contains(parts[1])
    }
}
