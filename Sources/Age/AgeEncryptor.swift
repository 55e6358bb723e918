// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Sodium

/// Seals files to recipients.
///
/// Each call draws a new file key, so one encryptor serves many files.
///
/// Spec: C2SP `age.md`.
package struct AgeEncryptor: Sendable {
    private let recipients: [any AgeRecipient]
    private let isArmored: Bool

    /// Seals to these recipients, each of whom can open the files alone.
    ///
    /// - Parameters:
    ///   - recipients: At least one, all with the same labels.
    ///   - armored: Whether files are written as text.
    /// - Throws: `.noRecipients`; `.incompatibleRecipients` when their labels differ.
    package init(
        recipients: [any AgeRecipient],
        armored: Bool = false
    ) throws(AgeError) {
        guard let first = recipients.first else { throw .noRecipients }
        guard recipients.allSatisfy({ $0.labels == first.labels }) else {
            throw .incompatibleRecipients
        }
        // The same passphrase twice has the same label, and still may not stand beside another.
        guard recipients.count == 1 || !(first is ScryptRecipient) else {
            throw .incompatibleRecipients
        }
        self.recipients = recipients
        isArmored = armored
    }

    /// Seals a stream of any length on all cores.
    ///
    /// - Parameters:
    ///   - source: The plaintext.
    ///   - observer: Who else looks at the plaintext.
    ///   - sink: Takes the file.
    /// - Throws: What source and sink throw, `.malformedRecipient`, `.outOfMemory`;
    ///   `.headerTooLong` for more recipients than a reader takes.
    /// - Complexity: O(n) time; 0.5 MiB of memory for each core, and 2 MiB.
    package func seal(
        from source: @escaping ByteSource,
        observedBy observer: SourceObserver? = nil,
        to sink: @escaping ByteSink
    ) throws(AgeError) {
        let output = PayloadOutput(sink, isArmored: isArmored)
        let key = try writeHeader(to: output)
        let input = InputBuffer(source)
        let work = SealWork(from: input, observedBy: observer, to: output.sink, key: key)
        try BatchPipeline.run(work)
        try output.finish()
    }

    /// Seals a few bytes in memory.
    ///
    /// - Throws: `.malformedRecipient`, `.outOfMemory`.
    package func seal(_ bytes: [UInt8]) throws(AgeError) -> [UInt8] {
        let collector = ByteCollector(capacity: bytes.count + bytes.count / 2048 + 4096)
        let output = PayloadOutput(collector.sink, isArmored: isArmored)
        let key = try writeHeader(to: output)
        let work = SealWork(from: InputBuffer(bytes), to: output.sink, key: key)
        let isSmall = bytes.count <= SealLane.chunkCountMax * PayloadLayout.chunkCount
        try BatchPipeline.run(work, workerCount: isSmall ? 1 : Workers.count)
        try output.finish()
        return collector.bytes
    }

    /// Writes header and nonce, and returns the payload key.
    private func writeHeader(to output: PayloadOutput) throws(AgeError) -> SecretBytes {
        let fileKey = FileKey()
        var stanzas: [Stanza] = []
        for recipient in recipients {
            stanzas += try recipient.wrap(fileKey)
        }
        // What is written can be read again.
        guard stanzas.count <= AgeHeader.stanzaCountMax else {
            throw .headerTooLong(limit: AgeHeader.stanzaCountMax)
        }
        let header = AgeHeader(stanzas: stanzas, fileKey: fileKey)
        guard header.encoded.count <= HeaderLines.byteCountMax else {
            throw .headerTooLong(limit: HeaderLines.byteCountMax)
        }
        let nonce = randomBytes(PayloadLayout.nonceCount)
        try output.sink((header.encoded + nonce).span)
        return fileKey.payloadKey(nonce: nonce)
    }
}

/// A sink with or without armor before it.
final class PayloadOutput {
    let sink: ByteSink
    private let armor: ArmorSink?

    init(_ sink: @escaping ByteSink, isArmored: Bool) {
        if isArmored {
            let armor = ArmorSink(sink)
            self.armor = armor
            self.sink = { (bytes: Span<UInt8>) throws(AgeError) in try armor.write(bytes) }
        } else {
            armor = nil
            self.sink = sink
        }
    }

    func finish() throws(AgeError) {
        try armor?.finish()
    }
}
