// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Small files, one a log entry, under the number of their entry: `deposits/000001/000001234`.
///
/// A thousand share a directory. Once written they are never changed.
package struct NumberedFiles: Sendable {
    /// Files in one directory.
    package static let groupCount: UInt64 = 1000
    /// The longest file.
    package static let byteCountMax = 1 << 20

    private let directory: BytePath
    private let files: any FileSystem

    /// The files under `directory`.
    package init(directory: BytePath, files: any FileSystem) {
        self.directory = directory
        self.files = files
    }

    /// Makes the directory.
    ///
    /// - Throws: ``FileFailure``.
    package func create() throws(FileFailure) {
        try files.make(directory)
    }

    /// Where the file of entry `number` lies.
    package func path(of number: UInt64) -> BytePath {
        directory
            .appending(Self.digits(number / Self.groupCount, count: 6))
            .appending(Self.digits(number, count: 9))
    }

    /// Whether entry `number` has a file.
    package func contains(_ number: UInt64) -> Bool {
        FileStatus.exists(path(of: number))
    }

    /// The file of entry `number`, nil where there is none.
    ///
    /// - Returns: Its bytes.
    /// - Throws: ``FileFailure``.
    package func contentsIfPresent(of number: UInt64) throws(FileFailure) -> [UInt8]? {
        try Directory.contentsIfPresent(of: path(of: number), countMax: Self.byteCountMax)
    }

    /// Moves a durable file to its number.
    ///
    /// - Throws: ``FileFailure``; a number that is taken is refused.
    package func adopt(_ file: BytePath, as number: UInt64) throws(FileFailure) {
        let destination = path(of: number)
        try files.make(destination.parent)
        try files.rename(file, to: destination, replacing: false)
        try files.syncDirectory(destination.parent)
        // A statement that was moved must not come back as one that is pending.
        try files.syncDirectory(file.parent)
    }

    /// The numbers that have files, sorted, and the paths of whatever else is there.
    ///
    /// - Throws: ``FileFailure``.
    /// - Complexity: O(n).
    package func list() throws(FileFailure) -> (numbers: [UInt64], strangers: [BytePath]) {
        var numbers: [UInt64] = []
        var strangers: [BytePath] = []
        for group in try Directory.names(in: directory) {
            let place = directory.appending(group)
            guard try FileStatus(of: place, followingLinks: false).kind == .directory else {
                strangers.append(place)
                continue
            }
            for name in try Directory.names(in: place) {
                let file = place.appending(name)
                if let number = UInt64(String(decoding: name, as: UTF8.self)),
                    path(of: number) == file
                {
                    numbers.append(number)
                } else {
                    strangers.append(file)
                }
            }
        }
        return (numbers, strangers)
    }

    private static func digits(_ number: UInt64, count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
