// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Small files by name, `codes/0123` for example, each durable when it is written.
package protocol SmallFiles: Sendable {
    /// Reads a file.
    ///
    /// - Returns: Nil where there is none.
    /// - Throws: ``FileFailure``, ``BlobFailure``.
    func contents(_ name: String, countMax: Int) throws -> [UInt8]?

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - name: Of the file.
    ///   - old: What was read of it; nil where there was none.
    ///   - new: All it shall hold.
    /// - Returns: False if another process wrote it meanwhile: then nothing was done.
    /// - Throws: ``FileFailure``, ``BlobFailure``.
    func replace(_ name: String, _ old: [UInt8]?, with new: [UInt8]) throws -> Bool
}

/// Small files in folders of a directory that one process changes.
package struct DirectoryFiles: SmallFiles {
    private let directory: BytePath
    private let files: any FileSystem

    /// Files in a directory.
    ///
    /// - Parameters:
    ///   - directory: Made if it is not there.
    ///   - folders: What may stand before the slash in a name; made too.
    ///   - files: Through which it is changed.
    /// - Throws: ``FileFailure``.
    package init(
        _ directory: BytePath,
        folders: [String],
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        self.directory = directory
        self.files = files
        for path in [directory] + folders.map({ directory.appending($0) }) {
            try files.make(path)
        }
    }

    /// See ``SmallFiles/contents(_:countMax:)``.
    package func contents(_ name: String, countMax: Int) throws -> [UInt8]? {
        try Directory.contentsIfPresent(of: path(name), countMax: countMax)
    }

    /// See ``SmallFiles/replace(_:_:with:)``.
    package func replace(_ name: String, _ old: [UInt8]?, with new: [UInt8]) throws -> Bool {
        try files.replace(path(name), with: new)
        return true
    }

    private func path(_ name: String) -> BytePath {
        name.split(separator: "/").reduce(directory) { $0.appending(String($1)) }
    }
}

/// Small files as objects of a store.
package struct BlobFiles: SmallFiles {
    private let store: any BlobStore
    private let prefix: String

    /// The objects whose keys begin with `prefix`, which ends in a slash.
    package init(_ store: any BlobStore, prefix: String) {
        self.store = store
        self.prefix = prefix
    }

    /// See ``SmallFiles/contents(_:countMax:)``.
    package func contents(_ name: String, countMax: Int) throws -> [UInt8]? {
        try store.get(prefix + name, countMax: countMax)?.bytes
    }

    /// See ``SmallFiles/replace(_:_:with:)``.
    package func replace(_ name: String, _ old: [UInt8]?, with new: [UInt8]) throws -> Bool {
        let key = prefix + name
        var condition = BlobCondition.absent
        if let old {
            guard let found = try store.find(key, old) else { return false }
            condition = .matching(found.tag)
        }
        if try store.put(key, new, if: condition, isKept: false) != nil { return true }
        // Perhaps an earlier try of this request was done.
        return try store.find(key, new) != nil
    }
}
