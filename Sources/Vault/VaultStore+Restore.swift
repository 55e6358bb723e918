// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
package import Storage

/// Objects that are missing or damaged, and copies of them from elsewhere.
///
/// Spec: `docs/spec/node.md`, section 7.
extension VaultStore {
    /// An object that should be here.
    package struct Expected: Sendable {
        /// Its name.
        package let object: String
        /// Its length.
        package let sizeBytes: Int64
        /// Its entry in this home's log; nil if a colleague deposited it.
        let entry: UInt64?
    }

    /// All objects of a case, own ones and those that were taken in.
    ///
    /// - Parameter item: The case.
    /// - Returns: As the log and the colleagues' receipts have them.
    /// - Throws: ``FileFailure``, errors of the index.
    package func objects(of item: Case) throws -> [Expected] {
        let own = try index().items(of: item.pseudonymText).map { entry, row in
            Expected(object: row.object, sizeBytes: row.sizeBytes, entry: entry)
        }
        let others = try colleagues.deposits().found.compactMap { deposit -> Expected? in
            guard deposit.statement.casePseudonym == item.pseudonym else { return nil }
            let size = deposit.statement.sizeBytes
            return Expected(object: deposit.name, sizeBytes: size, entry: nil)
        }
        return own + others
    }

    /// Whether an object is here as it should be.
    ///
    /// - Parameters:
    ///   - expected: From ``objects(of:)``.
    ///   - isFull: Whether its bytes are read; otherwise its length has to do.
    /// - Returns: False if it is missing or damaged.
    /// - Throws: ``FileFailure``.
    package func isWhole(_ expected: Expected, isFull: Bool) throws -> Bool {
        let objects = expected.entry == nil ? colleagues.objects : layout.objects
        guard let file = try objects.openIfPresent(expected.object),
            try file.status().kind == .file, try file.status().sizeBytes == expected.sizeBytes
        else { return false }
        guard isFull else { return true }
        // A sector that cannot be read is as good as lost.
        return (try? CiphertextRoot.of(file)).map { Hex.encode($0) } == expected.object
    }

    /// Puts a copy in the place of an object that is missing or damaged.
    ///
    /// - Parameters:
    ///   - expected: From ``objects(of:)``.
    ///   - path: The copy, from anywhere.
    /// - Returns: Whether it is one; nothing changed if not.
    /// - Throws: ``FileFailure``.
    package func restore(_ expected: Expected, from path: BytePath) throws -> Bool {
        let file = try OpenedFile.reading(path, followingLinks: false)
        guard let entry = expected.entry else {
            return try colleagues.objects.take(expected.object, expected.sizeBytes, from: file)
        }
        let lock = try layout.files.lock(layout.lock, waiting: true)
        defer { withExtendedLifetime(lock) {} }
        if FileStatus.exists(layout.immutableMark) {
            // Where this is not allowed, the removal says so.
            try? Immutability.set(false, of: layout.objects.path(of: expected.object))
        }
        guard try layout.objects.take(expected.object, expected.sizeBytes, from: file) else {
            return false
        }
        if FileStatus.exists(layout.immutableMark) { protect(expected.object, index: entry) }
        return true
    }
}

extension ObjectStore {
    /// Takes in an object from a file, in place of whatever lies there under its name.
    ///
    /// - Parameters:
    ///   - name: What its root has to be.
    ///   - sizeBytes: What its length has to be.
    ///   - file: Read to its end.
    /// - Returns: Whether it is the object; nothing changed if not.
    /// - Throws: ``FileFailure``.
    func take(
        _ name: String,
        _ sizeBytes: Int64,
        from file: borrowing OpenedFile
    ) throws -> Bool {
        var incoming = try begin()
        var root = CiphertextRoot()
        while incoming.sizeBytes <= sizeBytes {
            let piece = try file.read(CiphertextRoot.pieceCount)
            if piece.isEmpty { break }
            root.update(piece.span)
            try incoming.write(piece.span)
        }
        guard incoming.sizeBytes == sizeBytes, Hex.encode(root.finish()) == name else {
            return false
        }
        try incoming.makeDurable()
        // What lies there under this name is damaged, or it would not be taken in again.
        if FileStatus.exists(path(of: name)) { try removeUnsequenced(name) }
        try place(incoming, as: name)
        return true
    }
}
