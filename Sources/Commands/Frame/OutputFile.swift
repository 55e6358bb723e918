// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Sodium
import Storage

/// Options of commands that write files where a person says.
struct OutputOptions: ParsableArguments {
    @Flag(
        help: Text(
            en: "Replace files that are there already.",
            es: "Reemplazar los archivos que ya existan."
        ).help
    )
    var force = false
}

/// Files that a command writes where a person said, beside files of the person's own.
///
/// Nothing that is there already is replaced unless the person says so with `--force`.
enum OutputFile {
    /// Refuses to go on if one of the files that a command is about to write is there already.
    ///
    /// To be called before the work begins; ``write(_:to:force:)`` looks again.
    ///
    /// - Parameters:
    ///   - paths: Files, or directories that shall be new. A link counts, wherever it leads.
    ///   - force: `--force`.
    /// - Throws: A ``Failure`` of class `.notAllowed` naming the first that exists.
    static func requireNew(_ paths: [String], force: Bool) throws {
        guard !force else { return }
        for path in paths where FileStatus.exists(BytePath(path)) { throw exists(path) }
    }

    /// Writes a file durably; after an interruption it is there whole, or not at all.
    ///
    /// A file that holds exactly these bytes already is left as it is: running a command again is
    /// no mistake.
    ///
    /// - Parameters:
    ///   - bytes: All it shall hold.
    ///   - path: The file.
    ///   - force: `--force`: whether an existing file is replaced.
    ///   - mode: Permissions; readable by its owner only unless said otherwise.
    /// - Throws: A ``Failure`` of class `.notAllowed` if it exists; `FileFailure`.
    static func write(
        _ bytes: [UInt8],
        to path: String,
        force: Bool,
        mode: UInt32 = 0o600
    ) throws {
        if try isWritten(bytes, to: path, force: force) { return }
        let target = BytePath(path)
        // A name of our own: `path` with an ending could be another file of the person's.
        let name = ".resguardo-\(randomBytes(8).map { String($0, radix: 16) }.joined())"
        let temporary = target.parent.appending(name)
        let files = LocalFileSystem()
        do {
            let file = try files.create(temporary, replacing: false, mode: mode)
            try file.write(bytes)
            try file.sync()
            try file.close()
            try files.rename(temporary, to: target, replacing: force)
            try files.syncDirectory(target.parent)
        } catch {
            // The first failure is the one to report.
            try? files.remove(temporary)
            throw !force && (error as? FileFailure)?.isExisting == true ? exists(path) : error
        }
    }

    /// Whether a file holds these bytes already, so that nothing is to be written.
    ///
    /// - Throws: A ``Failure`` of class `.notAllowed` if it holds something else and may not be
    ///   replaced. A command that writes several files asks for all before it writes the first.
    static func isWritten(_ bytes: [UInt8], to path: String, force: Bool) throws -> Bool {
        let target = BytePath(path)
        guard !force, FileStatus.exists(target) else { return false }
        // Whatever cannot be read is another file.
        let old = try? Directory.contents(of: target, countMax: bytes.count)
        guard old == bytes else { throw exists(path) }
        return true
    }

    private static func exists(_ path: String) -> Failure {
        let name = BytePath(path).text
        return Failure(
            .notAllowed,
            Text(en: "\(name) exists already", es: "\(name) ya existe"),
            hint: Text(
                en: "choose another place, or replace it with --force",
                es: "elija otro lugar, o reemplácelo con --force"
            )
        )
    }
}
