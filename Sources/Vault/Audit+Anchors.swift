// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Storage
internal import TimeStamping
internal import TransparencyLog

/// The part of an audit that looks at what was kept elsewhere.
extension VaultStore {
    /// Compares the log with what was kept elsewhere.
    ///
    /// A time stamp names a checkpoint by its digest alone: it is compared if that is among those
    /// that the home keeps, or was given as an anchor itself.
    func auditAnchors(
        _ anchors: [Anchor],
        _ log: borrowing VaultLog,
        roots: [UInt8]?,
        _ report: inout AuditReport
    ) throws {
        var known: [KeptCheckpoint] = []
        if anchors.contains(where: \.isTimestamp) {
            known = try checkpoints.all().kept + [currentCheckpoint()]
            for anchor in anchors {
                guard let note = anchor.note else { continue }
                // Of another log: that anchor is named itself.
                if let kept = try? KeptCheckpoint(note.encoded, log: logKey) { known.append(kept) }
            }
        }
        for (number, anchor) in anchors.enumerated() {
            report.anchorCount += 1
            switch anchor.compare(with: log, key: logKey, known: known, roots: roots) {
            case .agrees: break
            case .isAhead: report.problems.append(.anchor(number))
            case .absent: report.problems.append(.anchorAbsent(number))
            case .forks: report.problems.append(.anchorFork(number))
            case .foreign: report.problems.append(.anchorForeign(number))
            case .unknown: report.problems.append(.anchorUnknown(number))
            }
        }
    }
}
