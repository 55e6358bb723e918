// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Statements
import Storage
import Testing
import TransparencyLog
import Vault

@Suite struct BagTests {
    private func paths(_ names: [[UInt8]]) -> [String] {
        let entries = names.map { EvidenceEntry(kind: .file, name: $0) }
        return BagNames.paths(of: entries).sorted { $0.key < $1.key }.map(\.value)
    }

    private func paths(_ names: [String]) -> [String] { paths(names.map { Array($0.utf8) }) }

    @Test func keepsNamesThatEverySystemKeeps() {
        let plain = ["photos/a.jpg", "photos/sub/b (1).txt", "Ñandú/año.mp4", ".hidden", "a&b+c"]
        #expect(paths(plain) == plain)
    }

    @Test func writesOtherBytesAsNumbers() {
        #expect(paths(["100%"]) == ["100=25"])
        #expect(paths(["a\nb", "=", "a:b", "x."]) == ["a=0Ab", "=3D", "a=3Ab", "x=2E"])
        #expect(paths(["n\u{303}"]) == ["n=CC=83"])
        #expect(paths([[0xff], [0xc3], [0xc3, 0x97]]) == ["=FF", "=C3", "=C3=97"])
        #expect(paths(["~a", "-rf", "../x"]) == ["=7Ea", "-rf", ".=2E/x"])
    }

    @Test func numbersWhatCollidesOrIsReserved() {
        #expect(paths(["a.JPG", "A.jpg"]) == ["a.JPG", "=000001.jpg"])
        #expect(paths(["ñ", "Ñ"]) == ["ñ", "=000001"])
        #expect(paths(["con", "NUL.txt", "com1.a.b"]) == ["=000000", "=000001.txt", "=000002.b"])
        let long = String(repeating: "x", count: 101)
        #expect(paths([long + ".mp4"]) == ["=000000.mp4"])
        #expect(paths(["d/a", "D"]) == ["d/a", "=000001"])
        #expect(paths(["D", "d/a"]) == ["D", "=000001"])
    }

    @Test func neverGivesOnePathTwice() {
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Int(state >> 33) % bound
        }
        let letters = Array("aA=.%/ñÑ0 ".utf8) + [0xff, 0xc3, 0x0a]
        for _ in 0..<2000 {
            let names = Set(
                (0..<8).map { _ in (0...next(6)).map { _ in letters[next(letters.count)] } }
            )
            .filter { !$0.split(separator: 0x2f).isEmpty }
            let found = paths(Array(names)).map { $0.lowercased() }
            #expect(Set(found).count == found.count, "\(names)")
        }
    }

    @Test func comesBackVerified() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: TemporaryHome.now)
        try temporary.write("in/a.txt", pattern(100_000))
        try temporary.write("in/b.txt", pattern(3))
        let source = temporary.directory.appending("in")
        _ = try temporary.deposit([source], in: item)
        _ = try temporary.deposit([source], in: item)
        let bag = temporary.directory.appending("bag")
        let made = try make(bag, of: item, in: temporary)
        let found = try Bag.verify(at: bag)
        #expect(found.items.map(\.name) == made.items.map(\.name))
        #expect(found.isByDepositor)
        #expect(!found.hasTimeEvidence)
        #expect(found.log == temporary.home.store.logKey)
        #expect(throws: VaultError.destinationExists(bag)) {
            _ = try make(bag, of: item, in: temporary)
        }
        // Made beside its place, and nothing is left there.
        let names = try Directory.names(in: temporary.directory).map { BytePath($0).text }
        #expect(names.filter { $0.hasPrefix(".resguardo") } == [])
        try refusesDamage(bag, found)
    }

    private func refusesDamage(_ bag: BytePath, _ contents: BagContents) throws {
        let item = contents.items[0].name
        let evidence = "data/items/\(item)/evidence.json"
        let whole = try Directory.contents(of: bag.appending(evidence), countMax: 1 << 20)
        try Directory.replace(bag.appending(evidence), with: whole + [0x20])
        #expect(throws: VaultError.invalidBag(.evidence(item: item))) {
            _ = try Bag.verify(at: bag)
        }
        try Directory.replace(bag.appending(evidence), with: whole)
        try Directory.replace(bag.appending("data/more"), with: [1])
        #expect(throws: VaultError.invalidBag(.file("bag-info.txt"))) {
            _ = try Bag.verify(at: bag)
        }
        try Directory.remove(bag.appending("data/more"))
        try FileManager.default.createSymbolicLink(
            atPath: bag.appending("link").text,
            withDestinationPath: "bagit.txt"
        )
        #expect(throws: VaultError.invalidBag(.file("link"))) { _ = try Bag.verify(at: bag) }
        try Directory.remove(bag.appending("link"))
        _ = try Bag.verify(at: bag)
    }

    private func make(
        _ bag: BytePath,
        of item: Case,
        in temporary: TemporaryHome
    ) throws -> BagContents {
        try temporary.home.createBag(
            of: temporary.home.items(in: item),
            from: item,
            at: bag,
            options: Home.BagOptions(tool: "test"),
            now: TemporaryHome.now,
            enclosures: { _, _ in [("README.txt", Array("hola\n".utf8))] }
        )
    }

    @Test func leavesNothingWhereTheKeyIsMissing() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 1)
        _ = try temporary.deposit([temporary.write("in/a", [1])], in: item)
        let bag = temporary.directory.appending("bag")
        #expect(throws: VaultError.noReadKey("w")) { _ = try make(bag, of: item, in: temporary) }
        let names = try Directory.names(in: temporary.directory).map { BytePath($0).text }
        #expect(Set(names) == ["home", "in"])
    }
}
