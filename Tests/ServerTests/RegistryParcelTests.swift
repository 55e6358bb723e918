// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Server
import Testing

/// Several files of a registry's node in one answer, and nodes that lie in it.
@Suite struct RegistryParcelTests {
    private static let names = ["pending/a.json", "seals/00", "incidents/ff"]
    private static let contents: [[UInt8]?] = [[1, 10, 32], nil, []]

    private static func parcel() -> [UInt8] {
        var parcel = RegistryParcel()
        for (name, contents) in zip(names, contents) {
            let isIn = parcel.append(name, contents)
            #expect(isIn)
        }
        return parcel.bytes
    }

    @Test func filesComeBackAsTheyWereAskedFor() throws {
        let items = try #require(RegistryParcel.read(Self.parcel(), asked: Self.names))
        #expect(items.map(\.name) == Self.names)
        #expect(items.map(\.contents) == Self.contents)
        let more = try #require(RegistryParcel.read(Self.parcel(), asked: Self.names + ["z"]))
        #expect(more == items)
    }

    @Test func anAnswerEndsBeforeItIsTooLong() {
        let large = [UInt8](repeating: 7, count: RegistryParcel.byteCountMax / 2)
        var parcel = RegistryParcel()
        let taken = [("a", large), ("b", large), ("c", [])].map { parcel.append($0.0, $0.1) }
        #expect(taken == [true, false, true])
        #expect(parcel.bytes.count <= RegistryParcel.byteCountMax)
        #expect(RegistryParcel.read(parcel.bytes, asked: ["a", "b", "c"]) == nil)
        #expect(RegistryParcel.read(parcel.bytes, asked: ["a", "c"])?.count == 2)
    }

    @Test func whatIsNoRequestIsRefused() {
        let most = (0..<RegistryParcel.nameCountMax).map { "seals/\($0)" }
        for names in [["a"], Self.names, most] {
            #expect(RegistryParcel.names(in: RegistryParcel.question(names)) == names)
        }
        let long = String(repeating: "a", count: RegistryParcel.questionByteCountMax)
        for wrong in [[], [""], ["a", ""], ["A"], ["a b"], ["a\u{0}"], most + ["a"], [long]] {
            #expect(RegistryParcel.names(in: RegistryParcel.question(wrong)) == nil, "\(wrong)")
        }
        #expect(RegistryParcel.names(in: Array("a".utf8)) == nil)
    }

    @Test func liesAreNotRead() {
        let bytes = Self.parcel()
        // What ends after a file is a shorter answer; everything else is cut.
        let ends = (1...2).map { count in
            var parcel = RegistryParcel()
            for place in 0..<count { _ = parcel.append(Self.names[place], Self.contents[place]) }
            return parcel.bytes.count
        }
        for count in 0..<bytes.count {
            let read = RegistryParcel.read(Array(bytes.prefix(count)), asked: Self.names)
            #expect((read != nil) == ends.contains(count), "\(count)")
        }
        let name = Self.names[0]
        let lies = [
            "\(name) 1\naX", "other 1\na", "\(name) 1\na\(name) 1\na", "\(name) +1\na",
            "\(name) 01\na", "\(name) -1\n", "\(name) 9223372036854775808\na", "\(name)  1\na",
            "\(name)\na", "\(name) 2\na", "\(name) 1 \na", "\(name) --\n",
        ]
        for lie in lies {
            #expect(RegistryParcel.read(Array(lie.utf8), asked: Self.names) == nil, "\(lie)")
        }
    }
}
