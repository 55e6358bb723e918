// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import Testing
import Vault

/// Whoever has copies of a home from before and after every command cannot tell whether there is a
/// duress passphrase.
@Suite struct DuressShapeTests {
    private static let homeCount = 16
    private static let steps = [
        "case", "write-only case", "deposit", "passphrase", "duress", "other passphrase", "rotate",
        "keep", "wipe",
    ]

    /// A home, and what an observer saw of it after each step.
    private final class Observed {
        var shapes: [[String]] = []
        var keyrings: [[UInt8]] = []
        var records: Set<[UInt8]> = []
        var ownerSlot = 0
    }

    @Test func copiesOfAHomeTellNothing() throws {
        let plain = try (0..<Self.homeCount).map { _ in try observe(hasDuress: false) }
        let forced = try (0..<Self.homeCount).map { _ in try observe(hasDuress: true) }
        // Names, sizes and modes are the same after each step, whoever ran it.
        for home in plain + forced {
            for (step, shape) in home.shapes.enumerated() {
                let place = step == 0 ? "init" : Self.steps[step - 1]
                #expect(shape == plain[0].shapes[step], "after \(place)")
            }
        }
        // Slots are bytes like any others, and change everywhere at once.
        for (name, homes) in [("without", plain), ("with", forced)] {
            for slot in [0, 1] {
                let bytes = homes.flatMap { $0.keyrings.flatMap { Self.slot(slot, of: $0) } }
                let value = Self.chiSquare(bytes)
                print("chi-square of slot \(slot), \(name) duress: \(value) (system randomness)")
                #expect((110...400).contains(value))
            }
            let value = Self.chiSquare(homes.flatMap { $0.records.flatMap { $0 } })
            print("chi-square of records, \(name) duress: \(value)")
            #expect((110...400).contains(value))
            for home in homes { expectWholeChanges(home.keyrings) }
        }
        // Neither slot is the owner's more often.
        let zeros = (plain + forced).count { $0.ownerSlot == 0 }
        #expect(abs(zeros - Self.homeCount) <= 15, "slot 0 is the owner's \(zeros) times")
        expectNoClassifier(plain, forced)
    }

    /// The nearest mean of byte frequencies, learned on one half, does not beat chance on the
    /// other.
    private func expectNoClassifier(_ plain: [Observed], _ forced: [Observed]) {
        func frequencies(_ home: Observed) -> [Double] {
            var counts = [Double](repeating: 0, count: 512)
            for keyring in home.keyrings {
                for slot in [0, 1] {
                    for byte in Self.slot(slot, of: keyring) { counts[slot * 256 + Int(byte)] += 1 }
                }
            }
            return counts
        }
        func mean(_ homes: some Collection<Observed>) -> [Double] {
            homes.map(frequencies).reduce([Double](repeating: 0, count: 512)) { zip($0, $1).map(+) }
                .map { $0 / Double(homes.count) }
        }
        func distance(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        }
        let half = Self.homeCount / 2
        let (meanPlain, meanForced) = (mean(plain.prefix(half)), mean(forced.prefix(half)))
        var right = 0
        for (homes, isForced) in [(plain.dropFirst(half), false), (forced.dropFirst(half), true)] {
            for home in homes {
                let found = frequencies(home)
                let guess = distance(found, meanForced) < distance(found, meanPlain)
                if guess == isForced { right += 1 }
            }
        }
        print("a classifier was right \(right) times in \(2 * half)")
        // Five standard deviations are ten of sixteen; beyond fifteen is no chance.
        #expect((1..<(2 * half)).contains(right))
    }

    /// What changes in a keyring changes in both slots, but for the salts.
    private func expectWholeChanges(_ keyrings: [[UInt8]]) {
        for (before, after) in zip(keyrings, keyrings.dropFirst()) {
            for slot in [0, 1] {
                let pairs = zip(Self.slot(slot, of: before), Self.slot(slot, of: after))
                let same = pairs.count { $0 == $1 }
                #expect((16...70).contains(same))
            }
        }
    }

    // MARK: Observing

    private func observe(hasDuress: Bool) throws -> Observed {
        let temporary = try TemporaryHome(duress: hasDuress ? "forced" : nil)
        let observed = Observed()
        let path = temporary.home.layout.home
        observed.ownerSlot = try Keyring(parsing: temporary.contents(path.appending("keyring")))
            .open(passphrase: TemporaryHome.passphrase(), least: .demo).slot
        try look(temporary, observed)
        for step in Self.steps {
            try perform(step, temporary, hasDuress: hasDuress)
            try look(temporary, observed)
        }
        return observed
    }

    private func perform(
        _ step: String,
        _ temporary: TemporaryHome,
        hasDuress: Bool
    ) throws {
        let path = temporary.home.layout.home
        func change(_ old: String, _ new: String) throws {
            try Home.changePassphrase(
                at: path,
                from: TemporaryHome.passphrase(old),
                to: TemporaryHome.passphrase(new),
                least: .demo
            )
        }
        // A home with a duress passphrase is used with it from here on.
        let current = hasDuress ? "forced" : "second"
        func open() throws -> Home {
            try Home.open(
                at: path,
                passphrase: TemporaryHome.passphrase(current),
                least: .demo
            )
        }
        switch step {
        case "case": _ = try temporary.home.createCase(named: "c", now: 1)
        case "write-only case":
            _ = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 2)
        case "deposit":
            let file = try temporary.write("in/a", pattern(1000))
            _ = try temporary.home.depositStream(
                OpenedFile.reading(file),
                name: Array("a".utf8),
                in: temporary.home.findCase("c"),
                now: TemporaryHome.now
            )
        case "passphrase": try change("correct horse", "second")
        case "duress":
            try Home.changeDuress(
                at: path,
                passphrase: TemporaryHome.passphrase("second"),
                to: hasDuress ? TemporaryHome.passphrase("forced") : nil,
                least: .demo
            )
        case "other passphrase":
            try change(current, "third")
            try change("third", current)
        case "rotate": _ = try open().rotate(open().findCase("w"), isWriteOnly: true)
        case "keep": try open().keep(SecretBytes(copying: [1]))
        default: try Home.destroyKeys(at: path)
        }
    }

    private func look(_ temporary: TemporaryHome, _ observed: Observed) throws {
        let home = temporary.home.layout.home
        observed.shapes.append(try Self.shape(of: home))
        let keyring = home.appending("keyring")
        if FileStatus.exists(keyring) {
            let bytes = try temporary.contents(keyring)
            if observed.keyrings.last != bytes { observed.keyrings.append(bytes) }
        }
        for name in try Directory.names(in: home.appending("cases")) {
            let path = home.appending("cases").appending(name).appending("record.age")
            guard FileStatus.exists(path) else { continue }
            // What follows the header, which is text.
            observed.records.insert(Array(try temporary.contents(path).suffix(6000)))
        }
    }

    /// Path, size and mode of everything, digits of random names left out.
    private static func shape(of directory: BytePath, below: String = "") throws -> [String] {
        var lines: [String] = []
        for name in try Directory.names(in: directory) {
            let path = directory.appending(name)
            let status = try FileStatus(of: path, followingLinks: false)
            let attributes = try FileManager.default.attributesOfItem(atPath: path.text)
            let mode = (attributes[.posixPermissions] as? Int) ?? 0
            var text = String(decoding: name, as: UTF8.self)
                .replacing(#/[0-9a-f]{16,}/#, with: "X")
            if below == "objects" { text = "X" }
            let size = status.kind == .directory ? -1 : status.sizeBytes
            lines.append("\(below)/\(text) \(size) \(String(mode, radix: 8))")
            if status.kind == .directory { lines += try shape(of: path, below: text) }
        }
        return lines.sorted()
    }

    private static func slot(_ slot: Int, of keyring: [UInt8]) -> ArraySlice<UInt8> {
        let start = 64 + slot * Keyring.slotCount
        return keyring[start..<(start + Keyring.slotCount)]
    }

    /// Over 256 kinds of bytes: 255 on average, with a standard deviation of 23.
    private static func chiSquare(_ bytes: [UInt8]) -> Int {
        var counts = [Double](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let expected = Double(bytes.count) / 256
        return Int(counts.map { ($0 - expected) * ($0 - expected) / expected }.reduce(0, +))
    }
}
