// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Encodings
internal import Sodium
internal import Statements
package import Storage

/// What a person says about a deposit.
package struct DepositOptions: Sendable {
    /// The depositor's words.
    package var note: String?
    /// When the scene was captured, as the depositor says, in seconds since 1970.
    package var capturedAt: Int64?
    /// Steps before the deposit, as the depositor says.
    package var custody: [CustodyEvent]
    /// Name and version of the program, for the custody list.
    package var tool: String

    /// Options.
    package init(
        note: String? = nil,
        capturedAt: Int64? = nil,
        custody: [CustodyEvent] = [],
        tool: String = "resguardo"
    ) {
        self.note = note
        self.capturedAt = capturedAt
        self.custody = custody
        self.tool = tool
    }
}

/// A deposit that was accepted.
package struct Deposit: Sendable {
    /// The item's name: its ciphertext root in hexadecimal.
    package let item: String
    /// Its entry in the log.
    package let index: UInt64
    /// What was found and sealed.
    package let evidence: Evidence
    /// The proof of acceptance.
    package let receipt: Receipt
}

extension Home {
    /// The longest name of a stream, in bytes: its parts have longer ones.
    package static let streamNameCountMax = 240

    /// Seals originals into one item and has it accepted by the log.
    ///
    /// On disk: object durable under its name, statement durable as pending, entry sequenced and
    /// checkpoint signed, statement moved to its number. Killed in between, the run has deposited
    /// nothing, and the next one removes what it left.
    ///
    /// - Parameters:
    ///   - originals: From ``Original/find(_:home:)``.
    ///   - item: The case.
    ///   - options: What the person says about it.
    ///   - capture: What cameras wrote, from ``CaptureReader``, by the place of the original.
    ///   - now: Seconds since 1970.
    ///   - progress: Called with the bytes read so far; throws to stop.
    /// - Returns: What was accepted, with its receipt.
    /// - Throws: ``VaultError`` for files that changed, ``FileFailure``, what `progress` throws.
    /// - Complexity: One pass over the originals; about 16 MiB of memory at any size.
    package func deposit(
        _ originals: [Original],
        in item: Case,
        options: DepositOptions = DepositOptions(),
        capture: [Int: CaptureMetadata] = [:],
        now: Int64,
        progress: @escaping ItemStream.Progress = { _ in }
    ) throws -> Deposit {
        guard !originals.isEmpty else { throw VaultError.nothingToDeposit }
        try Self.check(options)
        let describe = Self.description(options, capture: capture, now: now)
        let content = ItemStream(originals, progress: progress, describe: describe)
        return try seal(content, in: item, now: now)
    }

    /// Seals a stream of unknown length into one item.
    ///
    /// - Parameters:
    ///   - stream: Read to its end.
    ///   - name: What to call it: one path component.
    ///   - item: The case.
    ///   - options: What the person says about it.
    ///   - now: Seconds since 1970.
    ///   - progress: Called with the bytes read so far; throws to stop.
    /// - Returns: What was accepted, with its receipt.
    /// - Throws: ``VaultError/invalidStreamName(limit:)``, and as
    ///   ``deposit(_:in:options:capture:now:progress:)``.
    package func depositStream(
        _ stream: consuming OpenedFile,
        name: [UInt8],
        in item: Case,
        options: DepositOptions = DepositOptions(),
        now: Int64,
        progress: @escaping ItemStream.Progress = { _ in }
    ) throws -> Deposit {
        guard TarReader.isSafe(name), !name.contains(UInt8(ascii: "/")),
            name.count <= Self.streamNameCountMax
        else { throw VaultError.invalidStreamName(limit: Self.streamNameCountMax) }
        try Self.check(options)
        let describe = Self.description(options, now: now)
        let content = ItemStream(stream, name: name, progress: progress, describe: describe)
        return try seal(content, in: item, now: now)
    }

    /// Writes the receipt of a deposit into the home, under the item's name.
    ///
    /// - Returns: Its path.
    /// - Throws: ``FileFailure``; the deposit is accepted all the same.
    package func keepReceipt(of deposit: Deposit) throws -> BytePath {
        try store.keep(deposit.receipt, of: deposit.item)
    }

    private static func check(_ options: DepositOptions) throws {
        guard (options.note?.utf8.count ?? 0) <= Evidence.noteCountMax else {
            throw VaultError.noteTooLong(limit: Evidence.noteCountMax)
        }
    }

    private static func description(
        _ options: DepositOptions,
        capture: [Int: CaptureMetadata] = [:],
        now: Int64
    ) -> ItemStream.Description {
        { entries in
            Evidence(
                capturedAt: options.capturedAt,
                note: options.note,
                deviceClock: now,
                custody: options.custody + [.deposited(at: now, tool: options.tool)],
                entries: entries.enumerated().map { $1.with(capture[$0]) }
            )
        }
    }

    private func seal(_ content: ItemStream, in item: Case, now: Int64) throws -> Deposit {
        try store.recover(signer: VaultLog.signer(seed: secrets.logSeed))
        // Known before hours of sealing; looked at again when the entry is made.
        try store.log().requireRoom()
        let sealed = try ObjectSealer.seal(
            content,
            in: layout.objects,
            to: item.ageRecipient()
        )
        guard let evidence = content.evidence else {
            preconditionFailure("a stream that was read to its end has its evidence")
        }
        let date = UTCDate.text(seconds: now)
        let after = try store.after(date: date)
        let statement = DepositStatement(
            casePseudonym: item.pseudonym,
            member: item.memberKey.bytes,
            ciphertextRoot: sealed.root,
            sizeBytes: sealed.object.sizeBytes,
            date: date,
            evidence: evidence.commitment,
            afterCheckpoint: after.checkpoint,
            afterToken: after.token
        )
        let summary: [UInt8]
        if let key = item.summaryKey(), !item.isWriteOnly {
            summary = try Summary(of: evidence).sealed(under: key)
        } else {
            summary = Summary.filler()
        }
        let record = try DepositRecord(
            statement,
            key: item.memberSecretKey(),
            summary: summary
        )
        let signer = try VaultLog.signer(seed: secrets.logSeed)
        let index = try store.accept(sealed.object, record: record, signer: signer)
        return Deposit(
            item: Hex.encode(statement.ciphertextRoot),
            index: index,
            evidence: evidence,
            receipt: try store.receipt(index: index)
        )
    }
}
