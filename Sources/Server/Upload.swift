// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
internal import Statements
internal import Storage
internal import Synchronization
internal import Vault

/// An object on its way in: each piece is compared with the offer as soon as it is whole.
///
/// Whoever asked last owns the upload: a transfer whose line went dead does not keep out the one
/// that goes on with it.
final class Upload: Sendable {
    /// Why bytes are not taken.
    enum Refusal: Error, Equatable {
        /// Somebody else goes on with the upload.
        case takenOver
        /// They do not follow what is here.
        case otherOffset(UInt64)
        /// More bytes than the object has.
        case tooMany
        /// A piece is not the one offered; what is here ends before it.
        case otherPiece
    }

    private struct State {
        /// Bytes that are here.
        var offset: UInt64
        /// Open while bytes come.
        var file: (any WritableFile)?
        /// Counts transfers; the newest one writes.
        var transfer = 0
        /// Whether the object is where it belongs.
        var stage = Stage.open
    }

    /// How far an object came.
    private enum Stage {
        case open, finishing, finished
    }

    private static let offerCountMax = DepositOffer.byteCountMax + 256
    private static let pieceBytes = UInt64(CiphertextRoot.pieceCount)
    private static let pieceStride = CiphertextRoot.pieceCount

    /// The folder of the case.
    let room: String
    /// What was offered.
    let parts: DepositOffer.Parts
    /// When it ends, in seconds since 1970.
    let expiry: Int64
    private let folder: BytePath
    private let files: any FileSystem
    private let state: Mutex<State>

    private init(
        folder: BytePath,
        room: String,
        parts: DepositOffer.Parts,
        expiry: Int64,
        files: any FileSystem,
        state: State
    ) {
        self.folder = folder
        self.room = room
        self.parts = parts
        self.expiry = expiry
        self.files = files
        self.state = Mutex(state)
    }

    private var data: BytePath { folder.appending("data") }

    /// Bytes of the object.
    var size: UInt64 { UInt64(parts.deposit.sizeBytes) }
    /// Whether the object is where it belongs.
    var isFinished: Bool { state.withLock { $0.stage == .finished } }

    // MARK: On disk

    /// Makes an upload, durably.
    static func create(
        _ folder: BytePath,
        room: String,
        offer: DepositOffer,
        bytes: [UInt8],
        expiry: Int64,
        files: any FileSystem
    ) throws -> Upload {
        try files.make(folder)
        let data = try files.create(folder.appending("data"), replacing: true, mode: 0o600)
        try data.close()
        try files.replace(
            folder.appending("offer"),
            with: Array("\(expiry) \(room)\n".utf8) + bytes
        )
        return Upload(
            folder: folder,
            room: room,
            parts: offer.parts,
            expiry: expiry,
            files: files,
            state: State(offset: 0)
        )
    }

    /// Reads an upload of an earlier run.
    ///
    /// - Returns: Nil for what was never begun, which is removed.
    static func read(_ folder: BytePath, node: String, files: any FileSystem) throws -> Upload? {
        let bytes = try Directory.contentsIfPresent(
            of: folder.appending("offer"),
            countMax: offerCountMax
        )
        guard let bytes, let end = bytes.firstIndex(of: 0x0a) else {
            try remove(folder, files)
            return nil
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        let text = Array(bytes[(end + 1)...])
        guard words.count == 2, let expiry = Int64(words[0]),
            let offer = try? DepositOffer(parsing: text, node: node, room: nil)
        else {
            try remove(folder, files)
            return nil
        }
        let data = folder.appending("data")
        let isPlaced = !FileStatus.exists(data)
        let upload = Upload(
            folder: folder,
            room: String(words[1]),
            parts: offer.parts,
            expiry: expiry,
            files: files,
            state: State(
                offset: UInt64(offer.parts.deposit.sizeBytes),
                stage: isPlaced ? .finished : .open
            )
        )
        if !isPlaced {
            let offset = try upload.checkedCount()
            upload.state.withLock { $0.offset = offset }
        }
        return upload
    }

    /// How many of the bytes on disk are right, as far as whole pieces tell.
    ///
    /// A machine that lost power may have kept the length of the file and not its content.
    private func checkedCount() throws -> UInt64 {
        let count = min(UInt64(try FileStatus(of: data, followingLinks: false).sizeBytes), size)
        var offset: UInt64 = 0
        while offset < count {
            let end = min(offset + Self.pieceBytes, size)
            guard end <= count else { return count }
            guard try isRight(piece: offset / Self.pieceBytes) else { return offset }
            offset = end
        }
        return count
    }

    private func isRight(piece index: UInt64) throws -> Bool {
        let start = index * Self.pieceBytes
        let count = Int(min(Self.pieceBytes, size - start))
        let bytes = try files.open(data).read(at: start, count: count)
        return CiphertextRoot.pieceHash(bytes) == parts.piece(Int(index))
    }

    private static func remove(_ folder: BytePath, _ files: any FileSystem) throws {
        for name in try Directory.names(in: folder) { try files.remove(folder.appending(name)) }
        try files.removeDirectory(folder)
    }

    /// Removes what is left of it.
    func remove() throws {
        state.withLock { state in
            state.transfer += 1
            state.file = nil
        }
        try Self.remove(folder, files)
    }

    // MARK: Taking bytes

    /// Takes the upload over.
    ///
    /// - Returns: The number of this transfer, and how many bytes are here.
    func take() -> (transfer: Int, offset: UInt64) {
        state.withLock { state in
            state.transfer += 1
            state.file = nil
            return (state.transfer, state.offset)
        }
    }

    /// Appends bytes.
    ///
    /// - Throws: ``Refusal``, ``FileFailure``.
    func append(_ bytes: [UInt8], _ transfer: Int) throws {
        try state.withLock { state in
            guard state.transfer == transfer else { throw Refusal.takenOver }
            guard UInt64(bytes.count) <= size - state.offset else { throw Refusal.tooMany }
            var rest = bytes[...]
            while !rest.isEmpty {
                let end = min((state.offset / Self.pieceBytes + 1) * Self.pieceBytes, size)
                let part = rest.prefix(Int(end - state.offset))
                try write(Array(part), &state)
                rest = rest.dropFirst(part.count)
                guard state.offset == end else { continue }
                let index = (end - 1) / Self.pieceBytes
                guard try isRight(piece: index) else {
                    try cut(to: index * Self.pieceBytes, &state)
                    throw Refusal.otherPiece
                }
            }
        }
    }

    private func write(_ bytes: [UInt8], _ state: inout State) throws {
        let file = try state.file ?? files.reopen(data, keeping: state.offset)
        state.file = file
        do {
            try file.write(bytes)
        } catch {
            // What was written of it is cut off when the file is opened again.
            state.file = nil
            throw error
        }
        state.offset += UInt64(bytes.count)
    }

    private func cut(to offset: UInt64, _ state: inout State) throws {
        state.file = try files.reopen(data, keeping: offset)
        state.offset = offset
    }

    /// Compares what a transfer brought with its checksum, and gives it back if it differs.
    ///
    /// - Returns: Whether it was what its sender meant.
    func keep(from offset: UInt64, if checksum: UploadChecksum, _ transfer: Int) throws -> Bool {
        try state.withLock { state in
            guard state.transfer == transfer else { throw Refusal.takenOver }
            let range = offset..<state.offset
            let digest = checksum.isSHA1 ? sha1(range) : sha256(range)
            guard digest == checksum.digest else {
                try cut(to: offset, &state)
                return false
            }
            return true
        }
    }

    /// Digests of what is on disk; nil where it cannot be read.
    private func sha1(_ range: Range<UInt64>) -> [UInt8]? {
        var hasher = SHA1()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceStride) {
            guard let bytes = part(start, range.upperBound) else { return nil }
            hasher.update(bytes)
        }
        return hasher.finish()
    }

    private func sha256(_ range: Range<UInt64>) -> [UInt8]? {
        var hasher = SHA256()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceStride) {
            guard let bytes = part(start, range.upperBound) else { return nil }
            hasher.update(bytes)
        }
        return hasher.finish()
    }

    private func part(_ start: UInt64, _ end: UInt64) -> [UInt8]? {
        // What cannot be read is not what was sent; the sender goes on from what is right.
        try? files.open(data).read(at: start, count: Int(min(Self.pieceBytes, end - start)))
    }

    // MARK: Finishing

    /// Has the whole object put into its place, durably; whoever calls has begun to finish it.
    ///
    /// - Parameter body: Puts the file there.
    /// - Returns: Whether it was not there yet.
    /// - Throws: What `body` throws.
    func place(_ body: (_ data: BytePath) throws -> Bool) throws -> Bool {
        state.withLock { state in
            precondition(state.offset == size, "an object is placed when it is whole")
            state.file = nil
        }
        // Otherwise placed, and the disk was full for what belongs to it.
        return FileStatus.exists(data) ? try body(data) : false
    }

    /// Removes the bytes of an object that is complete in its place.
    func discard() throws {
        if FileStatus.exists(data) { try files.remove(data) }
    }

    /// Begins to put the object into its place.
    ///
    /// - Returns: False if somebody else does that, or did.
    func beginFinishing() -> Bool {
        state.withLock { state in
            guard state.stage == .open else { return false }
            state.stage = .finishing
            return true
        }
    }

    /// Notes whether the object is in its place now, with all that belongs to it.
    func endFinishing(isFinished: Bool) {
        state.withLock { $0.stage = isFinished ? .finished : .open }
    }

    /// Whether all bytes are here.
    var isWhole: Bool { state.withLock { $0.offset == size } }
}

/// The digest that a client sends along with a part of an upload.
struct UploadChecksum: Sendable {
    /// Whether it is SHA-1; SHA-256 otherwise.
    let isSHA1: Bool
    let digest: [UInt8]

    /// Reads `sha1 BASE64` or `sha256 BASE64`.
    init?(_ header: String) {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0] == "sha1" || words[0] == "sha256",
            let digest = try? Base64.decode(Array(words[1].utf8))
        else { return nil }
        isSHA1 = words[0] == "sha1"
        self.digest = digest
    }
}
