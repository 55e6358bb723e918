// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// Sealed objects by digest, written once: `objects/ab/ab….age`.
///
/// An object is built under a random name in `incoming/`, made durable, and only then given its
/// name. Whatever a killed process left in `incoming/` is no object; ``removeAbandoned()`` finds it
/// by its lock, which went with the process.
///
/// Spec: `docs/spec/vault.md`, section 5.
package struct ObjectStore: Sendable {
    /// Digits in an object's name: 32 bytes in hexadecimal.
    package static let nameCount = 64
    /// Permissions of an object: nobody writes it again.
    package static let objectMode: UInt32 = 0o400

    private let files: any FileSystem
    private let objects: BytePath
    /// Where objects grow and where a deposit notes what it is about to do.
    package let incoming: BytePath

    /// The store inside a home.
    package init(home: BytePath, files: any FileSystem) {
        self.files = files
        objects = home.appending("objects")
        incoming = home.appending("incoming")
    }

    /// Makes the directories.
    ///
    /// - Throws: ``FileFailure``.
    package func create() throws(FileFailure) {
        try files.make(objects)
        try files.make(incoming)
    }

    /// Where an object lies.
    ///
    /// - Parameter name: 64 lower-case hexadecimal digits.
    /// - Returns: The path of its file, which may not exist.
    package func path(of name: String) -> BytePath {
        precondition(Self.isName(name), "an object is named by its digest")
        return objects.appending(String(name.prefix(2))).appending(name + ".age")
    }

    /// Whether `name` can be the name of an object.
    package static func isName(_ name: String) -> Bool {
        name.utf8.count == nameCount
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Starts an object.
    ///
    /// - Throws: ``FileFailure``.
    package func begin() throws(FileFailure) -> IncomingObject {
        while true {
            let path = incoming.appending(Hex.encode(randomBytes(16)) + ".part")
            let file = try files.create(path, replacing: false, mode: 0o600)
            let isLocked: Bool
            do {
                isLocked = try file.lock()
            } catch {
                throw FileFailure(error, at: path)
            }
            // Another process that cleans may have found the file before it was locked.
            if isLocked, FileStatus.exists(path) {
                return IncomingObject(file: file, path: path, files: files)
            }
        }
    }

    /// Gives a durable object its name.
    ///
    /// An object of the same name is the same object, and is left as it is.
    ///
    /// - Throws: ``FileFailure``.
    package func place(
        _ object: consuming IncomingObject,
        as name: String
    ) throws(FileFailure) {
        let destination = path(of: name)
        try files.make(destination.parent)
        guard !FileStatus.exists(destination) else { return }
        try object.rename(to: destination)
    }

    /// Opens an object.
    ///
    /// - Throws: ``FileFailure``.
    package func open(_ name: String) throws(FileFailure) -> OpenedFile {
        try OpenedFile.reading(path(of: name), followingLinks: false)
    }

    /// Opens an object that may be missing; a link in its place is not followed and counts as none.
    ///
    /// - Returns: Nil where there is no such file.
    /// - Throws: ``FileFailure``.
    package func openIfPresent(_ name: String) throws(FileFailure) -> OpenedFile? {
        do {
            return try open(name)
        } catch {
            if error.isMissing || error.isLinkLoop { return nil }
            throw error
        }
    }

    /// Removes an object that no entry of the log vouches for: the rest of an interrupted run.
    ///
    /// - Throws: ``FileFailure``.
    package func removeUnsequenced(_ name: String) throws(FileFailure) {
        let path = path(of: name)
        guard FileStatus.exists(path) else { return }
        try files.remove(path)
        try files.syncDirectory(path.parent)
    }

    /// The names of all objects, sorted, and the paths of all other files in their directories.
    ///
    /// - Throws: ``FileFailure``.
    /// - Complexity: O(n log n).
    package func list() throws(FileFailure) -> (names: [String], strangers: [BytePath]) {
        var names: [String] = []
        var strangers: [BytePath] = []
        for group in try Directory.names(in: objects) {
            let directory = objects.appending(group)
            guard try FileStatus(of: directory, followingLinks: false).kind == .directory else {
                strangers.append(directory)
                continue
            }
            for file in try Directory.names(in: directory) {
                let text = String(decoding: file, as: UTF8.self)
                let name = String(text.dropLast(4))
                if text.hasSuffix(".age"), Self.isName(name), name.utf8.starts(with: group) {
                    names.append(name)
                } else {
                    strangers.append(directory.appending(file))
                }
            }
        }
        return (names, strangers)
    }

    /// Removes what killed processes left in `incoming/`; objects that are being written stay.
    ///
    /// - Returns: How many there were.
    /// - Throws: ``FileFailure``.
    @discardableResult
    package func removeAbandoned() throws(FileFailure) -> Int {
        var count = 0
        for name in try Directory.names(in: incoming)
        where name.suffix(5).elementsEqual(".part".utf8) {
            let path = incoming.appending(name)
            do {
                let file = try OpenedFile.reading(path, followingLinks: false)
                guard try file.lock(waiting: false) else { continue }
                try files.remove(path)
                count += 1
            } catch {
                // Another process ended its work, or cleans as we do.
                if !error.isMissing { throw error }
            }
        }
        return count
    }
}

/// An object that is being written.
///
/// It vanishes unless it is placed.
package struct IncomingObject: ~Copyable, Sendable {
    private let file: any WritableFile
    private let path: BytePath
    private let files: any FileSystem
    private var isPlaced = false
    private var isDurable = false
    /// Bytes written so far.
    package private(set) var sizeBytes: Int64 = 0

    fileprivate init(file: any WritableFile, path: BytePath, files: any FileSystem) {
        self.file = file
        self.path = path
        self.files = files
    }

    deinit {
        guard !isPlaced else { return }
        // Failing here leaves a file that the next run removes.
        try? files.remove(path)
    }

    /// Appends bytes.
    ///
    /// - Throws: ``FileFailure``.
    package mutating func write(_ bytes: Span<UInt8>) throws(FileFailure) {
        precondition(!isDurable, "an object that was synced does not grow")
        do {
            try file.write(bytes)
        } catch {
            throw FileFailure(error, at: path)
        }
        sizeBytes += Int64(bytes.count)
    }

    /// Waits until the content is on the medium, and makes it read-only.
    ///
    /// - Throws: ``FileFailure``.
    package mutating func makeDurable() throws(FileFailure) {
        do {
            try file.setMode(ObjectStore.objectMode)
            try file.sync()
        } catch {
            throw FileFailure(error, at: path)
        }
        guard try FileStatus(of: path, followingLinks: false).sizeBytes == sizeBytes else {
            throw FileFailure(.write, path, code: 5)
        }
        isDurable = true
    }

    fileprivate mutating func rename(to destination: BytePath) throws(FileFailure) {
        precondition(isDurable, "an object is durable before it has a name")
        try files.rename(path, to: destination)
        isPlaced = true
    }
}
