// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import TransparencyLog

/// The rows of a snapshot as leaves of a Merkle tree, each blinded with a salt of its own.
///
/// The tree makes it possible to show one row and nothing else. What is shown with it are hashes of
/// other rows: without a salt one could guess such a row, and try whether it has that hash.
///
/// Spec: `docs/spec/snapshot.md`, section 4.
enum SnapshotRows {
    /// Bytes of the snapshot's salt, and of a row's.
    static let saltCount = 32
    private static let domain = Array("resguardo-snapshot/row/v1\n".utf8)

    /// The salt of one row, which says nothing about those of others.
    ///
    /// - Parameters:
    ///   - index: Of the row, from 0.
    ///   - salt: The snapshot's.
    /// - Returns: ``saltCount`` bytes.
    static func salt(of index: Int, _ salt: [UInt8]) -> [UInt8] {
        SHA256.hash(domain + salt + UInt64(index).bigEndianBytes)
    }

    /// The hash of a row.
    ///
    /// - Parameters:
    ///   - row: The line, without its line feed.
    ///   - salt: The row's own.
    /// - Returns: The leaf of the tree.
    static func leaf(_ row: ArraySlice<UInt8>, salt: [UInt8]) -> LogHash {
        var data: [UInt8] = []
        data.reserveCapacity(salt.count + row.count)
        data += salt
        data += row
        return .leaf(data)
    }

    /// The hashes of all rows.
    ///
    /// - Parameters:
    ///   - bytes: Lines, each with its line feed.
    ///   - salt: The snapshot's.
    ///   - countMax: The most rows.
    /// - Returns: As many hashes.
    /// - Throws: `.tooLarge`, `.truncated`; `.recordsMismatch` for more rows.
    static func leaves(
        _ bytes: [UInt8],
        _ salt: [UInt8],
        countMax: Int
    ) throws(SnapshotError) -> [LogHash] {
        var rows: [ArraySlice<UInt8>] = []
        rows.reserveCapacity(countMax)
        var reader = ByteReader(bytes)
        while !reader.isAtEnd {
            guard rows.count < countMax else { throw .recordsMismatch }
            rows.append(
                try SnapshotFile.record(SnapshotFile.firstRecordLine + rows.count, of: &reader)
            )
        }
        return rows.mapOnAllCores { part in
            part.indices.map { leaf(part[$0], salt: Self.salt(of: $0, salt)) }
        }
    }
}
