// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import Vault

@Suite struct SummaryTests {
    private let key = SummaryKey(seed: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))

    private func summary(names: [String], note: String?) -> Summary {
        let entries = names.map { name in
            EvidenceEntry(
                kind: .file,
                name: Array(name.utf8),
                sizeBytes: 1 << 40,
                sha256: [UInt8](repeating: 1, count: 32)
            )
        }
        return Summary(
            of: Evidence(
                capturedAt: nil,
                note: note,
                deviceClock: 1_795_000_000,
                custody: [],
                entries: entries
            )
        )
    }

    @Test func opensToWhatWasSealed() throws {
        for (names, note) in [
            ([], nil), (["a.txt"], ""), (["\"quoted\" \\ name\n", "ñandú 🦤.jpg"], "línea\u{1}\t"),
            ((0..<500).map { "DCIM/IMG_\($0).jpg" }, String(repeating: "\u{7}", count: 100)),
        ] as [([String], String?)] {
            let summary = summary(names: names, note: note)
            let sealed = try summary.sealed(under: key)
            #expect(sealed.count == Summary.sealedCount)
            #expect(Summary(opening: sealed, under: key) == summary)
            #expect(summary.fileCount == names.count)
        }
    }

    @Test func staysClosedToAnotherKeyAndWithAnyBitChanged() throws {
        let sealed = try summary(names: ["a"], note: "b").sealed(under: key)
        let other = SummaryKey(seed: SecretBytes(copying: [UInt8](repeating: 8, count: 32)))
        #expect(Summary(opening: sealed, under: other) == nil)
        #expect(Summary(opening: Summary.filler(), under: key) == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(Summary(opening: changed, under: key) == nil, "byte \(index)")
        }
    }

    @Test func hasOneForm() throws {
        for text in [
            #"{"at":1,"count":0,"names":[],"note":"","size":0}"# + "!",
            #"{"at":1,"count":0,"names":[],"note":"","size":0,"x":0}"#,
            #"{"at":-1,"count":0,"names":[],"note":"","size":0}"#,
            #"{"at":1,"count":-1,"names":[],"note":"","size":0}"#,
            #"{"at":1,"count":0,"names":[],"note":"","size":-1}"#,
            #"{"at":1,"count":0,"names":["a" "b"],"note":"","size":0}"#,
            #"{"count":0,"at":1,"names":[],"note":"","size":0}"#, "",
        ] {
            #expect(Summary(opening: try Summary.sealed(text, under: key), under: key) == nil)
        }
        let good = #"{"at":1,"count":0,"names":[],"note":"","size":0}"#
        #expect(Summary(opening: try Summary.sealed(good, under: key), under: key) != nil)
    }
}
