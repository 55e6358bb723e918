// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// Opens files with identities.
///
/// Spec: C2SP `age.md`.
package struct AgeDecryptor: Sendable {
    /// Whether a file is text.
    package enum ArmorRule: Sendable {
        /// Armored files are told from others by how they start.
        case detected
        /// Only armored files are read.
        case required
        /// Only binary files are read.
        case refused
    }

    private let identities: [any AgeIdentity]
    private let armor: ArmorRule

    /// Opens with the first of these identities that fits.
    package init(identities: [any AgeIdentity], armor: ArmorRule = .detected) {
        self.identities = identities
        self.armor = armor
    }

    /// Opens a stream of any length on all cores.
    ///
    /// Each chunk reaches the sink only after it was checked; a file that turns out to be cut short
    /// or changed later on has by then released its beginning, and the failure is thrown.
    ///
    /// - Throws: The first failure, in the order of the file.
    /// - Complexity: O(n) time; about 1 MiB of memory for each core.
    package func open(
        from source: @escaping ByteSource,
        to sink: @escaping ByteSink
    ) throws(AgeError) {
        let input = try binaryInput(source)
        let key = try readHeader(from: input)
        try BatchPipeline.run(OpenWork(from: input, to: sink, key: key))
    }

    /// Opens a few bytes in memory; all of them or none.
    ///
    /// - Throws: As ``open(from:to:)``.
    package func open(_ bytes: [UInt8]) throws(AgeError) -> [UInt8] {
        let input = try binaryInput(bytesSource(bytes))
        let key = try readHeader(from: input)
        let collector = ByteCollector(capacity: bytes.count)
        let work = OpenWork(from: input, to: collector.sink, key: key)
        let isSmall = bytes.count <= OpenLane.sealedCountMax
        try BatchPipeline.run(work, workerCount: isSmall ? 1 : Workers.count)
        return collector.bytes
    }

    /// Opens a binary file for reading at any place.
    ///
    /// - Parameters:
    ///   - count: Size of the file, in bytes.
    ///   - source: Reads at an offset.
    /// - Returns: A reader of ranges of the plaintext.
    /// - Throws: Failures of the header and of the last chunk, which tells the true length.
    package func randomAccess(
        count: Int,
        source: @escaping RandomAccessDecryptor.Source
    ) throws(AgeError) -> RandomAccessDecryptor {
        var position = 0
        let input = InputBuffer { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            let count = try source(position, &target)
            position += count
            return count
        }
        let header = try AgeHeader(from: input)
        let key = try payloadKey(of: header, input)
        return try RandomAccessDecryptor(
            payloadOffset: header.encoded.count + PayloadLayout.nonceCount,
            fileCount: count,
            source: source,
            key: key
        )
    }

    private func binaryInput(_ source: @escaping ByteSource) throws(AgeError) -> InputBuffer {
        let input = InputBuffer(source)
        let isArmored =
            switch armor {
            case .detected: try ArmorStream.isArmored(input)
            case .required: true
            case .refused: false
            }
        return isArmored ? InputBuffer(ArmorStream.source(input)) : input
    }

    private func readHeader(from input: InputBuffer) throws(AgeError) -> SecretBytes {
        try payloadKey(of: AgeHeader(from: input), input)
    }

    /// Finds the file key, checks the header under it, and reads the nonce.
    private func payloadKey(
        of header: AgeHeader,
        _ input: InputBuffer
    ) throws(AgeError) -> SecretBytes {
        for identity in identities {
            guard let fileKey = try identity.unwrap(header.stanzas) else { continue }
            try header.authenticate(fileKey)
            let nonce = try input.read(PayloadLayout.nonceCount)
            guard nonce.count == PayloadLayout.nonceCount else { throw .missingNonce }
            return fileKey.payloadKey(nonce: nonce)
        }
        throw .noIdentityMatched
    }
}
