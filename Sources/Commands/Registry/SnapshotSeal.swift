// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import SnapshotFormat
import Sodium
import Storage

/// The envelope of a platform's snapshot: an age file that the platform alone opens.
enum SnapshotSeal {
    /// How much longer a sealed file may be.
    private static let overheadCountMax = 32 << 20
    private static let starts = ["age-encryption.org/", "-----BEGIN AGE"].map { Array($0.utf8) }

    /// Seals a snapshot to recipients: each a key (`age1…`), or a file of them.
    static func seal(_ bytes: [UInt8], to names: [String]) throws -> [UInt8] {
        do {
            let recipients = try names.flatMap { name in
                try name.hasPrefix("age1")
                    ? [RecipientFile.recipient(name)]
                    : RecipientFile.recipients(in: RegistryHome.read(name))
            }
            return try AgeEncryptor(recipients: recipients).seal(bytes)
        } catch AgeError.malformedRecipient, AgeError.malformedKeyFile {
            throw Failure(
                .usage,
                Text(
                    en: "this is no key that a snapshot can be sealed to",
                    es: "esta no es una llave a la que se pueda cifrar una instantánea"
                ),
                hint: Text(
                    en: "age1… or age1pq1…, or a file with one a line",
                    es: "age1… o age1pq1…, o un archivo con una por línea"
                )
            )
        } catch AgeError.incompatibleRecipients {
            throw Failure(
                .usage,
                Text(
                    en: "a classic key beside a post-quantum one would undo it",
                    es: "una llave clásica junto a una poscuántica la anularía"
                )
            )
        }
    }

    /// Reads a snapshot, sealed or not.
    ///
    /// - Parameters:
    ///   - path: Its file.
    ///   - identity: A file with the key that opens it.
    /// - Returns: The snapshot's bytes, not verified yet.
    /// - Throws: `.wrongPassphrase` for another key, `.doesNotVerify` for a damaged or cut file.
    static func read(_ path: String, identity: String?) throws -> [UInt8] {
        let countMax = SnapshotFile.byteCountMax + overheadCountMax
        let bytes = try RegistryHome.read(path, countMax: countMax)
        guard starts.contains(where: { bytes.starts(with: $0) }) else { return bytes }
        guard let identity else {
            throw Failure(
                .usage,
                Text(en: "\(path) is sealed", es: "\(path) está cifrada"),
                hint: Text(
                    en: "give --identity FILE: the platform's key",
                    es: "indique --identity ARCHIVO: la llave de la plataforma"
                )
            )
        }
        do {
            let identities = try PlumbingAgeFiles.identities(identity) {
                throw AgeError.noIdentityMatched
            }
            return try AgeDecryptor(identities: identities).open(bytes)
        } catch AgeError.noIdentityMatched {
            throw Failure(
                .wrongPassphrase,
                Text(
                    en: "\(identity) does not open \(path)",
                    es: "\(identity) no abre \(path)"
                )
            )
        } catch AgeError.malformedIdentity, AgeError.malformedKeyFile {
            throw Failure(
                .usage,
                Text(
                    en: "\(identity) holds no key",
                    es: "\(identity) no contiene ninguna llave"
                )
            )
        } catch let error as AgeError where error != .outOfMemory {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "\(path) is damaged or cut short",
                    es: "\(path) está dañada o cortada"
                )
            )
        }
    }
}
