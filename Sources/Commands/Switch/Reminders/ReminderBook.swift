// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Statements
import Storage
import Switch

/// What a sender has done in a cycle: written down before and after each message, so that whoever
/// is killed in between repeats one message at most.
///
/// Spec: `docs/spec/switch.md`, section 14.
struct ReminderBook {
    /// One message on one channel.
    struct Entry: Equatable {
        /// How often it was tried, and when last, by this machine's clock.
        var tryCount: Int64 = 0
        var triedAt: Int64 = 0
        /// Whether somebody has taken it over.
        var isDelivered = false
        /// Which outcome a statement tells already.
        var isFailureSaid = false
        var isDeliverySaid = false

        /// When it may be tried again: after one minute, two, four, up to an hour.
        var nextTry: Int64 {
            guard tryCount > 0 else { return .min }
            let shift = min(tryCount - 1, Self.doublingCountMax)
            return triedAt + min(Self.pauseSeconds << shift, Self.pauseSecondsMax)
        }

        private static let pauseSeconds: Int64 = 60
        private static let pauseSecondsMax: Int64 = 3600
        private static let doublingCountMax: Int64 = 6
    }

    private static let byteCountMax = 1 << 16
    private static let nameCount = 16
    private static let label = "resguardo/reminders/v1\n"

    private let path: BytePath
    private let files: any FileSystem
    private let cycle: Int64
    private var entries: [String: Entry] = [:]

    /// The book of a sender.
    ///
    /// - Parameters:
    ///   - sender: The sender's public key: it names the file.
    ///   - cycle: When the cycle began; what was written in another one is over.
    ///   - home: The home.
    ///   - files: Through which it is written.
    /// - Throws: What reading the book throws.
    init(
        _ sender: [UInt8],
        cycle: Int64,
        home: String,
        files: any FileSystem = LocalFileSystem(isDiscreet: true)
    ) throws {
        let name = SHA256.hash(Array(Self.label.utf8) + sender).prefix(Self.nameCount)
        path = BytePath(home).appending("reminders").appending(Hex.encode(name))
        self.files = files
        self.cycle = cycle
        let bytes = try Directory.contentsIfPresent(of: path, countMax: Self.byteCountMax)
        guard let bytes, let json = try? JSONValue(parsing: bytes),
            json["cycle"]?.integer == cycle, let rows = json["rows"]?.array
        else { return }
        for row in rows {
            guard let key = row["key"]?.string else { continue }
            entries[key] = Entry(
                tryCount: row["tries"]?.integer ?? 0,
                triedAt: row["tried"]?.integer ?? 0,
                isDelivered: row["delivered"]?.boolean ?? false,
                isFailureSaid: row["failureSaid"]?.boolean ?? false,
                isDeliverySaid: row["deliverySaid"]?.boolean ?? false
            )
        }
    }

    /// What was done about one moment on one channel.
    subscript(moment: Int, channel: Int) -> Entry { entries["\(moment)/\(channel)"] ?? Entry() }

    /// Writes down durably what was done.
    mutating func set(_ entry: Entry, _ moment: Int, _ channel: Int) throws {
        entries["\(moment)/\(channel)"] = entry
        let rows = entries.sorted { $0.key < $1.key }.map { key, entry -> JSONValue in
            [
                "key": .string(key), "tries": .integer(entry.tryCount),
                "tried": .integer(entry.triedAt), "delivered": .boolean(entry.isDelivered),
                "failureSaid": .boolean(entry.isFailureSaid),
                "deliverySaid": .boolean(entry.isDeliverySaid),
            ]
        }
        let json: JSONValue = ["cycle": .integer(cycle), "rows": .array(rows)]
        try files.make(path.parent)
        try files.replace(path, with: json.canonicalBytes)
    }
}
