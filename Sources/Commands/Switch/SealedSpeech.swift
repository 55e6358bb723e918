// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Switch
import Vault

/// What a trustee has said and no log has yet, since it rides in a sealed day.
///
/// It stays in the home for good; what the log has is no longer waiting.
///
/// Spec: `docs/spec/switch.md`, section 3.16.
enum SealedSpeech {
    /// The first byte of the kept secret.
    private static let kind: UInt8 = 4
    private static let timeCount = 8

    /// Keeps a statement: kind ‖ time ‖ payload.
    static func keep(_ inner: DayContents.Inner, at time: Int64, in home: Home) throws {
        var bytes = [kind] + UInt64(max(time, 0)).bigEndianBytes + inner.payload
        try home.keep(SecretBytes(wiping: &bytes))
    }

    /// What waits, oldest first, of a trustee's seat in a switch.
    static func waiting(
        for seat: TrusteeSeat,
        in home: Home,
        _ record: SwitchRecord
    ) throws -> [DayContents.Inner] {
        let epoch = seat.arming.statement.epoch
        let all = try home.kept { kept -> (time: UInt64, inner: DayContents.Inner)? in
            let start = 1 + timeCount
            guard kept.count > start, kept.withBytes({ $0[0] }) == kind else { return nil }
            let time = kept.slice(1..<start).reveal().reduce(0) { $0 << 8 | UInt64($1) }
            let inner = try DayContents.Inner(payload: kept.slice(start..<kept.count).reveal())
            return (time, inner)
        }
        return all.sorted { $0.time < $1.time }.map(\.inner).filter {
            $0.epoch == epoch && $0.trustee == seat.number && !record.hasSealed($0)
        }
    }
}
