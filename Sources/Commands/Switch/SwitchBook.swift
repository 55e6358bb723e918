// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Statements
import Storage
import Switch
import TransparencyLog

/// What a home remembers of a switch: every statement with every proof that a log gave of it.
///
/// What a log once proved counts from then on, whether the log is still there or not.
///
/// Spec: `docs/spec/switch.md`, section 9.2.
struct SwitchBook {
    /// In bytes: of five witnesses, the heartbeats of seven years.
    private static let presenceCountMax = 1 << 22
    private static let nameCount = 8

    private let directory: BytePath
    private let files: any FileSystem = LocalFileSystem(isDiscreet: true)
    /// In which order the times of witnesses stand in a line: each epoch's policy names the same
    /// witnesses, in any order.
    private let order: [Int]

    /// The book of the switch with a capability, which need not be there yet.
    init(_ capability: SwitchCapability, _ policy: LogPolicy, home: String) {
        let names = policy.witnesses.map(\.verifier.encoded)
        order = names.indices.sorted { names[$0] < names[$1] }
        directory = BytePath(home).appending("switches").appending(Hex.encode(capability.room))
    }

    /// All texts of a log.
    func texts(of origin: String) throws -> [SwitchText] {
        let texts = texts(in: origin)
        guard FileStatus.exists(folder(origin).appending("texts")) else { return [] }
        return try texts.list().numbers.map { index in
            let bytes = try texts.contentsIfPresent(of: index)
            guard let text = bytes.flatMap({ SwitchText(parsing: $0) }) else {
                throw FileFailure.damaged(texts.path(of: index))
            }
            return text
        }
    }

    /// Keeps a text that was found right; one that is there stays.
    func keep(_ text: SwitchText, of origin: String) throws {
        let texts = texts(in: origin)
        try texts.create()
        guard !texts.contains(text.proof.index) else { return }
        let file = folder(origin).appending("next")
        try files.replace(file, with: text.bytes)
        try texts.adopt(file, as: text.proof.index)
    }

    /// When a log was seen, by the index of the heartbeat that tells.
    func presence(of origin: String) throws -> [UInt64: Sighting] {
        let bytes = try Directory.contentsIfPresent(
            of: folder(origin).appending("presence"),
            countMax: Self.presenceCountMax
        )
        var sightings: [UInt64: Sighting] = [:]
        for line in (bytes ?? []).split(separator: 0x0a) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 1 + order.count, let index = UInt64(words[0]) else { continue }
            var times = [Int64?](repeating: nil, count: order.count)
            for (witness, word) in zip(order, words.dropFirst()) {
                times[witness] = Int64(word).flatMap { $0 < 0 ? nil : $0 }
            }
            sightings[index] = Sighting(times)
        }
        return sightings
    }

    /// Remembers such sightings; the oldest go once there are too many for any cycle.
    func keep(_ presence: [UInt64: Sighting], of origin: String) throws {
        try files.make(folder(origin))
        var count = 0
        let lines = presence.sorted { $0.key > $1.key }.map(line).prefix { line in
            count += line.utf8.count
            return count <= Self.presenceCountMax
        }
        try files.replace(
            folder(origin).appending("presence"),
            with: Array(lines.reversed().joined().utf8)
        )
    }

    private func line(_ index: UInt64, _ sighting: Sighting) -> String {
        let times = order.map { witness in sighting.times[witness].map { "\($0)" } ?? "-" }
        return "\(index) \(times.joined(separator: " "))\n"
    }

    private func folder(_ origin: String) -> BytePath {
        directory.appending(
            Hex.encode(SHA256.hash(Array(origin.utf8)).prefix(Self.nameCount))
        )
    }

    private func texts(in origin: String) -> NumberedFiles {
        NumberedFiles(directory: folder(origin).appending("texts"), files: files)
    }
}
