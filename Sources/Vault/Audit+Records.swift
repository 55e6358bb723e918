// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import Storage

/// A file that is sealed to somebody, as far as it can be looked at without opening it.
enum SealedRecord {
    /// What lies beside each key of a case.
    static let fileNames: Set<String> = [
        "record.age", HomeLayout.recoveryName, "earlier.age",
        HomeLayout.recoveryName + SealedSum.suffix, "earlier.age" + SealedSum.suffix,
    ]

    /// Whether it is an age file for so many recipients of a text of that length.
    static func isWhole(_ bytes: [UInt8], recipientCount: Int, byteCount: Int) -> Bool {
        // Why it is not an age file is of no interest.
        guard let found = try? AgeInspection(from: bytesSource(bytes)) else { return false }
        return !found.isArmored && found.header.stanzas.count == recipientCount
            && found.plaintextCount == byteCount
    }
}

/// The part of an audit that looks at records which need a key to be opened.
extension VaultStore {
    /// Looks at the records for the recovery key and those of all cases.
    func auditRecords(_ report: inout AuditReport) throws {
        try audit(
            layout.recovery,
            HomeLayout.recoveryName,
            byteCount: RecoveryRecord.byteCount,
            countMax: RecoveryRecord.sealedCountMax,
            &report
        )
        // Wiped with the keyring, and sealed anew with each passphrase: so it has no sum.
        let hasKeyring = FileStatus.exists(layout.keyring)
        for (pseudonym, numbers) in try layout.caseKeys().sorted(by: { $0.key < $1.key })
        where Case.isPseudonym(pseudonym) {
            for number in numbers {
                for name in ["record.age", HomeLayout.recoveryName, "earlier.age"] {
                    let path = layout.caseKey(pseudonym, number).appending(name)
                    let isOwn = name == "record.age"
                    if isOwn, !hasKeyring, !FileStatus.exists(path) { continue }
                    try audit(
                        path,
                        HomeLayout.place(pseudonym, number, name),
                        recipientCount: isOwn ? 2 : 1,
                        byteCount: CaseRecord.byteCount,
                        countMax: CaseRecord.sealedCountMax,
                        &report
                    )
                }
            }
        }
    }

    private func audit(
        _ path: BytePath,
        _ place: String,
        recipientCount: Int = 1,
        byteCount: Int,
        countMax: Int,
        _ report: inout AuditReport
    ) throws {
        guard let bytes = try? Directory.contentsIfPresent(of: path, countMax: countMax),
            SealedRecord.isWhole(bytes, recipientCount: recipientCount, byteCount: byteCount),
            SealedSum.check(bytes, at: path, place: place, key: logKey) != .wrong
        else {
            report.problems.append(.file(place))
            return
        }
    }
}
