// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Registry
import Storage

/// Ring signatures that a node had not got today, in a file beside the copy of what it has.
struct AbsentSeals {
    /// More of them are asked for each time.
    private static let countMax = 100_000

    var ids: Set<RegistryID> = []
    private let path: String
    private let day: Int64

    /// Reads what was noted on `day`, counted from 1970; of other days nothing.
    init(_ exchange: RegistryExchange, day: Int64) {
        path = exchange.directory + "/seals.absent"
        self.day = day
        // What cannot be read was not noted: the node is asked again.
        guard let bytes = try? RegistryHome.read(path, countMax: (Self.countMax + 1) * 65) else {
            return
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.first == "\(day)" else { return }
        ids = Set(lines.dropFirst().compactMap { RegistryID(hex: $0) })
    }

    /// Writes them down.
    ///
    /// - Throws: A ``Failure`` where that cannot be done.
    func save() throws {
        let lines = ["\(day)"] + ids.sorted().prefix(Self.countMax).map(\.hex)
        try RegistryHome.write(path, Array(lines.map { $0 + "\n" }.joined().utf8))
    }
}
