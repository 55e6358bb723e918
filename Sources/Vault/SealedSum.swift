// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Storage
internal import TransparencyLog

/// The digest of a file that only an absent key opens, signed by the key of the log.
///
/// What is sealed to the recovery key is read once, on a bad day. Until then nobody here can open
/// it to see whether it is whole; the sum beside it, `NAME.sum`, tells everybody who audits.
///
/// Spec: `docs/spec/vault.md`, section 4.5.
enum SealedSum {
    /// First line; no checkpoint of a log begins with it.
    private static let heading = "resguardo-sum/1"
    static let suffix = ".sum"
    private static let byteCountMax = 4096

    /// What an audit finds.
    enum Finding {
        case good, wrong
        /// Homes of before there were sums have none.
        case missing
    }

    static func path(of file: BytePath) -> BytePath {
        BytePath(file.bytes + Array(suffix.utf8))
    }

    /// The sum of a file.
    ///
    /// - Parameters:
    ///   - bytes: What the file holds.
    ///   - place: Its path below the home, so that no file stands for another.
    ///   - signer: Key of the log.
    /// - Returns: The content of the file beside it.
    static func make(_ bytes: [UInt8], place: String, signer: NoteSigner) -> [UInt8] {
        let text = text(bytes, place)
        return signer.note(text).encoded
    }

    /// Compares a file with the sum beside it.
    ///
    /// - Returns: Whether it has that sum; one that cannot be read is wrong.
    static func check(
        _ bytes: [UInt8],
        at file: BytePath,
        place: String,
        key: NoteVerifier
    ) -> Finding {
        let path = path(of: file)
        guard FileStatus.exists(path) else { return .missing }
        guard let sum = try? Directory.contents(of: path, countMax: byteCountMax),
            let note = try? SignedNote(parsing: sum), note.text == text(bytes, place),
            (try? note.verify([key])) != nil
        else { return .wrong }
        return .good
    }

    private static func text(_ bytes: [UInt8], _ place: String) -> [UInt8] {
        Array("\(heading)\n\(place)\n\(Hex.encode(SHA256.hash(bytes)))\n".utf8)
    }
}
