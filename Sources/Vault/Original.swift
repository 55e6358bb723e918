// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Something that a deposit is about to read, as it was when it was found.
package struct Original: Sendable {
    /// The deepest nesting of directories.
    package static let depthMax = 128

    /// Where it lies on this machine.
    package let path: BytePath
    /// Its name below `original/`.
    package let name: [UInt8]
    /// What it is.
    package let kind: EvidenceEntry.Kind
    /// What the system said of it.
    package let status: FileStatus
    /// Where a link points.
    package let target: [UInt8]

    /// Something that was found.
    package init(
        path: BytePath,
        name: [UInt8],
        kind: EvidenceEntry.Kind,
        status: FileStatus,
        target: [UInt8]
    ) {
        self.path = path
        self.name = name
        self.kind = kind
        self.status = status
        self.target = target
    }

    /// Finds everything below the given paths: directories whole, names in the order of bytes.
    ///
    /// A symbolic link that the person named stands for what it points to; one found below a
    /// directory is described and never followed, so links cannot lead in a circle or out of the
    /// directory. Pipes, sockets, devices and `home` itself are described too.
    ///
    /// - Parameters:
    ///   - paths: Files and directories.
    ///   - home: The home that the deposit goes into; a deposit never contains its own store.
    ///   - countMax: The most that is found.
    /// - Returns: What was found, a directory before its content.
    /// - Throws: ``FileFailure`` with the first path that cannot be looked at or listed;
    ///   ``VaultError`` for names that collide and limits.
    package static func find(
        _ paths: [BytePath],
        home: BytePath,
        countMax: Int = EvidenceEntry.countMax
    ) throws -> [Original] {
        guard !paths.isEmpty else { throw VaultError.nothingToDeposit }
        var search = Search(home: try FileStatus(of: home), countMax: countMax)
        var names: Set<[UInt8]> = []
        for path in paths {
            var path = path
            var name = path.lastComponent
            if name.isEmpty || name == Array(".".utf8) || name == Array("..".utf8) {
                path = try Directory.resolve(path)
                name = path.lastComponent.isEmpty ? Array("root".utf8) : path.lastComponent
            }
            guard names.insert(name).inserted else { throw VaultError.duplicateName(path) }
            let status = try FileStatus(of: path)
            guard status.kind == .file || status.kind == .directory else {
                throw VaultError.notAFile(path)
            }
            try search.visit(path, name: name, status: status, depth: 0)
        }
        return search.found
    }

    private struct Search {
        let home: FileStatus
        let countMax: Int
        var found: [Original] = []

        mutating func visit(
            _ path: BytePath,
            name: [UInt8],
            status: FileStatus,
            depth: Int
        ) throws {
            guard depth <= Original.depthMax else {
                throw VaultError.tooDeep(path, limit: Original.depthMax)
            }
            guard name.count <= TarReader.pathCountMax - Evidence.originalsPrefix.count - 16 else {
                throw FileFailure(.read, path, code: FileFailure.nameTooLong)
            }
            guard found.count < countMax else {
                throw VaultError.tooManyFiles(limit: countMax)
            }
            var target: [UInt8] = []
            let kind: EvidenceEntry.Kind
            switch status.kind {
            case .file: kind = .file
            case .directory:
                let isHome = status.device == home.device && status.inode == home.inode
                kind = isHome ? .skipped : .directory
            case .symbolicLink:
                kind = .link
                target = try Directory.target(of: path)
            case .other: kind = .skipped
            }
            found.append(
                Original(path: path, name: name, kind: kind, status: status, target: target)
            )
            guard kind == .directory else { return }
            for child in try Directory.names(in: path) {
                let childPath = path.appending(child)
                try visit(
                    childPath,
                    name: name + [UInt8(ascii: "/")] + child,
                    status: try FileStatus(of: childPath, followingLinks: false),
                    depth: depth + 1
                )
            }
        }
    }
}
