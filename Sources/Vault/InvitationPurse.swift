// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium
package import Storage
internal import Voprf

/// The invitations of a home for one node.
///
/// A seed, kept under the keyring, gives all inputs and blinding factors of one request; beside it
/// lies what the node answered, and which of the invitations went to which case.
///
/// Spec: `docs/spec/node.md`, section 10.
package struct InvitationPurse {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 4
    private static let idCount = 16
    private static let seedCount = 32

    private let home: Home
    private let directory: BytePath

    /// A purse.
    ///
    /// - Parameters:
    ///   - home: Whose keyring keeps the seeds.
    ///   - directory: Where the rest lies, a folder a request.
    package init(_ home: Home, directory: BytePath) {
        self.home = home
        self.directory = directory
    }

    /// One request.
    private struct Batch {
        let folder: BytePath
        let count: Int
        let code: [UInt8]
        let seed: [UInt8]

        /// Input and blinding factor of one invitation.
        func blinding(_ index: Int) throws -> VoprfBlinding {
            let input = derive("input", index, InvitationTicket.inputCount).reveal()
            let blind = derive("blind", index, Scalar.wideCount)
            return try VoprfBlinding(input, blind: SecretScalar(reducing: blind))
        }

        private func derive(_ name: String, _ index: Int, _ count: Int) -> SecretBytes {
            HKDFSHA256.derive(
                secret: SecretBytes(copying: seed),
                salt: [],
                info: Array("resguardo/invitation/\(name)/1".utf8)
                    + [UInt8(index >> 8), UInt8(index & 0xff)],
                count: count
            )
        }
    }

    private func batches() throws -> [Batch] {
        try home.kept { secret in
            var bytes = secret.reveal()
            defer { wipe(&bytes) }
            let fixed = 2 + Self.idCount + Self.seedCount
            guard bytes.count == fixed + SHA256.digestCount, bytes[0] == Self.kind else {
                return nil
            }
            let seed = 2 + Self.idCount
            let folder = directory.appending(Hex.encode(Array(bytes[2..<seed])))
            // Those for other nodes lie elsewhere.
            guard FileStatus.exists(folder) else { return nil }
            return Batch(
                folder: folder,
                count: Int(bytes[1]) + 1,
                code: Array(bytes[fixed...]),
                seed: Array(bytes[seed..<fixed])
            )
        }
    }

    // MARK: Getting them

    /// What to send for a code; the same whenever it is asked for.
    ///
    /// - Throws: Errors of the keyring, ``FileFailure``.
    package func request(for code: InvitationCode) throws -> InvitationRequest {
        let batch = try find(code) ?? add(code)
        return InvitationRequest(
            code.secret,
            try (0..<batch.count).map { try batch.blinding($0).blinded }
        )
    }

    private func find(_ code: InvitationCode) throws -> Batch? {
        let digest = SHA256.hash(code.secret)
        return try batches().first { $0.code == digest }
    }

    private func add(_ code: InvitationCode) throws -> Batch {
        let id = randomBytes(Self.idCount)
        let batch = Batch(
            folder: directory.appending(Hex.encode(id)),
            count: code.count,
            code: SHA256.hash(code.secret),
            seed: randomBytes(Self.seedCount)
        )
        try home.layout.files.make(directory)
        try home.layout.files.make(batch.folder)
        var bytes = [Self.kind, UInt8(code.count - 1)] + id + batch.seed + batch.code
        try home.keep(SecretBytes(wiping: &bytes))
        return batch
    }

    /// Keeps what the node answered.
    ///
    /// - Parameters:
    ///   - answer: From the node.
    ///   - code: The code that was sent.
    ///   - key: The node's key, as its witnessed log has it.
    /// - Returns: Whether the node used that key; nothing is kept if not.
    /// - Throws: Errors of the keyring, ``FileFailure``.
    package func keep(
        _ answer: InvitationAnswer,
        for code: InvitationCode,
        key: InvitationKey
    ) throws -> Bool {
        guard let batch = try find(code), answer.evaluated.count == batch.count else {
            return false
        }
        let blinded = try (0..<batch.count).map { try batch.blinding($0).blinded }
        let isProven =
            (try? answer.proof.verify(
                key: key.element,
                blinded: blinded,
                evaluated: answer.evaluated
            )) != nil
        guard isProven else { return false }
        try home.layout.files.replace(batch.folder.appending("answer"), with: answer.bytes)
        return true
    }

    // MARK: Using them

    /// Invitations that went to no case yet.
    ///
    /// - Throws: Errors of the keyring, ``FileFailure``.
    package func freeCount() throws -> Int {
        try batches().reduce(0) { sum, batch in
            guard FileStatus.exists(batch.folder.appending("answer")) else { return sum }
            return sum + (0..<batch.count).count { !FileStatus.exists(Self.use($0, batch)) }
        }
    }

    private static func use(_ index: Int, _ batch: Batch) -> BytePath {
        batch.folder.appending("used-\(index)")
    }

    /// The ticket for a case: the one that it got before, or the next that is free.
    ///
    /// - Parameter claim: What the case is on the node.
    /// - Returns: Nil if there is none left.
    /// - Throws: Errors of the keyring, ``FileFailure``.
    package func ticket(for claim: CaseClaim) throws -> InvitationTicket? {
        let mark = Array(Hex.encode(claim.room).utf8)
        var free: (Batch, Int)?
        for batch in try batches() where FileStatus.exists(batch.folder.appending("answer")) {
            for index in 0..<batch.count {
                let used = try Directory.contentsIfPresent(
                    of: Self.use(index, batch),
                    countMax: 128
                )
                if used == mark { return try ticket(batch, index, claim) }
                if used == nil, free == nil { free = (batch, index) }
            }
        }
        guard let (batch, index) = free else { return nil }
        // Shown for two cases, it would link them: it belongs to this one before it is shown.
        try home.layout.files.replace(Self.use(index, batch), with: mark)
        return try ticket(batch, index, claim)
    }

    private func ticket(
        _ batch: Batch,
        _ index: Int,
        _ claim: CaseClaim
    ) throws -> InvitationTicket {
        let path = batch.folder.appending("answer")
        let bytes = try Directory.contents(of: path, countMax: InvitationAnswer.byteCountMax)
        guard let answer = InvitationAnswer(parsing: bytes), index < answer.evaluated.count else {
            throw FileFailure.damaged(path)
        }
        let blinding = try batch.blinding(index)
        let output = try blinding.finalize(answer.evaluated[index])
        return InvitationTicket(blinding.input, output: output, case: claim)
    }
}
