// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Glibc

/// The file that `-o` names.
///
/// It has no name until it is complete: what fails or is interrupted
/// leaves nothing behind, neither half a file nor plaintext under another name.
struct PlumbingAgeOutput: ~Copyable {
    /// `O_TMPFILE`, whose definition is a macro that Swift does not see.
    private static let unnamedFile: Int32 = 0o20_000_000 | O_DIRECTORY

    private let path: String
    private let descriptor: Int32
    private let isUnnamed: Bool

    /// Writes through `body` to a file, or to standard output.
    ///
    /// - Parameters:
    ///   - path: The file; `nil` and `-` stand for standard output.
    ///   - isPrivate: Whether only the owner may read it, and nothing may be overwritten.
    ///   - body: Does the writing.
    /// - Throws: `.failed` with class `sink`, and what `body` throws.
    static func writing(
        _ path: String?,
        isPrivate: Bool = false,
        _ body: (DescriptorStream) throws -> Void
    ) throws {
        guard let path, path != "-" else {
            return try body(DescriptorStream(descriptor: STDOUT_FILENO))
        }
        let output = try create(path, isPrivate: isPrivate)
        try body(DescriptorStream(descriptor: output.descriptor))
        try output.publish(isPrivate: isPrivate)
    }

    private init(path: String, descriptor: Int32, isUnnamed: Bool) {
        self.path = path
        self.descriptor = descriptor
        self.isUnnamed = isUnnamed
    }

    private static func create(_ path: String, isPrivate: Bool) throws -> PlumbingAgeOutput {
        var status = stat()
        let exists = unsafe stat(path, &status) == 0
        if exists && isPrivate { throw failure(path, EEXIST) }
        let mode: mode_t = isPrivate ? 0o600 : 0o666
        if exists && status.st_mode & S_IFMT != S_IFREG {
            // A device or a pipe: there is nothing to replace.
            let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { throw failure(path, errno) }
            return PlumbingAgeOutput(path: path, descriptor: file, isUnnamed: false)
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        let place = parts.count == 1 ? "." : folder.isEmpty ? "/" : folder
        let unnamed = unsafe open(place, unnamedFile | O_WRONLY | O_CLOEXEC, mode)
        if unnamed >= 0 {
            return PlumbingAgeOutput(path: path, descriptor: unnamed, isUnnamed: true)
        }
        // Some file systems know no files without names.
        guard errno == EOPNOTSUPP || errno == EISDIR else { throw failure(path, errno) }
        let flags = isPrivate ? O_EXCL : O_TRUNC
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)
        guard file >= 0 else { throw failure(path, errno) }
        return PlumbingAgeOutput(path: path, descriptor: file, isUnnamed: false)
    }

    deinit {
        close(descriptor)
    }

    /// Gives the complete file its name.
    private func publish(isPrivate: Bool) throws {
        guard isUnnamed else { return }
        let source = "/proc/self/fd/\(descriptor)"
        if unsafe linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 { return }
        guard errno == EEXIST, !isPrivate else { throw Self.failure(path, errno) }
        // A link cannot replace a file, and a rename can.
        let temporary = "\(path).\(getpid()).new"
        guard unsafe linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else {
            throw Self.failure(path, errno)
        }
        if unsafe rename(temporary, path) != 0 {
            let code = errno
            unsafe unlink(temporary)
            throw Self.failure(path, code)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        let reason = SystemReason(code).text
        return Failure(
            .failed,
            Text(
                en: "cannot write \(path): \(reason.en)",
                es: "no se puede escribir \(path): \(reason.es)"
            ),
            word: AgeError.Class.sink.rawValue
        )
    }
}
