// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Synchronization
package import TransparencyLog

/// What a witness remembers: the last checkpoint of each log that it cosigned, durably.
///
/// Spec: `docs/spec/witness.md`. A cosignature leaves only after the state that forbids signing
/// another history is on disk. One process owns the directory.
package final class WitnessStore: Sendable {
    /// Name of the file, below a folder named by the log.
    private static let checkpointName = "checkpoint"
    /// Name of the file with the first fork that the witness saw.
    package static let forkName = "fork.json"

    private struct Record {
        let note: SignedNote
        let state: WitnessRules.State
    }

    /// One log's record, and whether it is as on disk.
    private struct Slot {
        var record: Record?
        var isKnown = false
    }

    private let directory: String
    private let cosigner: Cosigner
    private let slots: [String: SlotBox]
    private let fileSystem: any FileSystem
    private let lock: any FileLock

    // A mutex cannot be copied into a dictionary; a box of it can.
    private final class SlotBox: Sendable {
        let slot = Mutex(Slot())
    }

    /// Opens the memory of a witness, and makes it if there is none.
    ///
    /// - Parameters:
    ///   - directory: Where it is; its parent exists.
    ///   - logs: Keys of the logs that the witness follows.
    ///   - cosigner: The witness's key: what it remembers carries its own signature.
    ///   - fileSystem: Where the directory is.
    /// - Throws: `.locked` when another process has it open; `.damaged`; FileSystemError.
    package init(
        directory: String,
        logs: [NoteVerifier],
        cosigner: Cosigner,
        fileSystem: any FileSystem = LocalFileSystem()
    ) throws {
        try Self.makeDirectory(directory, fileSystem)
        do {
            lock = try fileSystem.lock(directory + "/lock")
        } catch FileSystemError.locked {
            throw TiledLogError.locked
        }
        self.directory = directory
        self.cosigner = cosigner
        self.fileSystem = fileSystem
        var slots: [String: SlotBox] = [:]
        for log in logs {
            slots[Self.folder(of: log.name.description)] = SlotBox()
        }
        self.slots = slots
        // A damaged record is found now, not when the first request comes.
        for log in logs { _ = try note(of: log.name.description) }
    }

    /// The last checkpoint of a log that the witness cosigned.
    ///
    /// - Parameter origin: The log's name.
    /// - Returns: The checkpoint with the log's signatures and the witness's; nil if there is none.
    /// - Throws: `.damaged`, FileSystemError.
    package func note(of origin: String) throws -> SignedNote? {
        try note(inFolder: Self.folder(of: origin))
    }

    /// The same by SHA-256 of the origin in hexadecimal, as C2SP names it in URLs.
    package func note(inFolder folder: String) throws -> SignedNote? {
        guard let box = slots[folder] else { return nil }
        return try box.slot.withLock { slot in
            try load(&slot, folder: folder)
            return slot.record?.note
        }
    }

    /// Cosigns a checkpoint if the rules allow, and remembers it first.
    ///
    /// - Parameters:
    ///   - request: What a log asks.
    ///   - rules: With the logs that the store was opened with.
    ///   - time: Seconds since 1970.
    /// - Returns: The cosignature.
    /// - Throws: WitnessRules/Refusal; `.damaged`, FileSystemError: nothing was signed then.
    package func cosign(
        _ request: WitnessRequest,
        rules: WitnessRules,
        time: Int64
    ) throws -> NoteSignature {
        let claim = try rules.claim(of: request)
        let folder = Self.folder(of: claim.checkpoint.origin)
        guard let box = slots[folder] else { throw WitnessRules.Refusal.unknownLog }
        return try box.slot.withLock { slot in
            try load(&slot, folder: folder)
            let state = slot.record?.state ?? .unseen
            let next: WitnessRules.State
            do {
                next = try rules.decide(claim, request, state: state)
            } catch WitnessRules.Refusal.fork {
                try keepFork(slot.record?.note, request.note, root: claim.checkpoint.root, folder)
                throw WitnessRules.Refusal.fork
            }
            let cosignature = cosigner.cosign(request.note.text, time: time)
            var note = SignedNote(text: request.note.text, signatures: [])
            // One line for each key, however often the request repeats it.
            for signature in claim.signatures + [cosignature] { note.add(signature) }
            // Until the new record is durable, only the disk knows which one there is.
            slot = Slot()
            let path = directory + "/" + folder
            try Self.makeDirectory(path, fileSystem)
            try fileSystem.replace(path + "/" + Self.checkpointName, with: note.encoded)
            slot = Slot(record: Record(note: note, state: next), isKnown: true)
            return cosignature
        }
    }

    /// Keeps the evidence of a log that signed two roots of one size.
    private func keepFork(
        _ older: SignedNote?,
        _ newer: SignedNote,
        root: LogHash,
        _ folder: String
    ) throws {
        let path = directory + "/" + folder + "/" + Self.forkName
        guard let older, try !fileSystem.exists(path) else { return }
        let fork = LogFork(older: older, newer: newer, prefixRoot: root, proof: [])
        try fileSystem.replace(path, with: fork.encoded)
    }

    private func load(_ slot: inout Slot, folder: String) throws {
        guard !slot.isKnown else { return }
        let name = folder + "/" + Self.checkpointName
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.read(directory + "/" + name, countMax: SignedNote.countMax)
        } catch FileSystemError.notFound {
            slot = Slot(record: nil, isKnown: true)
            return
        }
        guard let note = try? SignedNote(parsing: bytes),
            let checkpoint = try? Checkpoint(parsing: note.text),
            Self.folder(of: checkpoint.origin) == folder,
            (try? note.verify([cosigner.verifier])) != nil
        else {
            // Starting again from nothing would let a log rewrite its past.
            throw TiledLogError.damaged(path: name)
        }
        let state = WitnessRules.State(size: checkpoint.size, root: checkpoint.root)
        slot = Slot(record: Record(note: note, state: state), isKnown: true)
    }

    private static func folder(of origin: String) -> String {
        Hex.encode(LogHash.digest(of: Array(origin.utf8)).bytes)
    }

    private static func makeDirectory(_ path: String, _ fileSystem: any FileSystem) throws {
        try fileSystem.makeDirectory(path)
        try fileSystem.syncDirectory(parent(of: path, in: fileSystem))
    }

    private static func parent<Files: FileSystem>(of path: String, in _: Files) -> String {
        Files.parent(of: path)
    }
}
