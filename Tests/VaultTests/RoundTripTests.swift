// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import Vault

/// Bytes, names and times of random trees come back exactly.
@Suite struct RoundTripTests {
    private let files = LocalFileSystem()

    private struct Generator {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 11) % bound
        }

        /// A name of any bytes that a file may have, the awkward ones often.
        mutating func name() -> [UInt8] {
            let awkward: [[UInt8]] = [
                Array("evidence.json".utf8), Array("original".utf8), [0xff], Array("..x".utf8),
                Array("a\nb".utf8), Array("ñandú".utf8), Array("n\u{303}andu\u{301}".utf8),
                Array("-rf".utf8), Array(" ".utf8), Array("PaxHeaders".utf8), Array("%s%n".utf8),
                Array(".part000001".utf8), Array("100=path".utf8), Array("~".utf8),
                [UInt8](repeating: 0x61, count: 255), [UInt8](repeating: 0xc3, count: 120),
            ]
            if next(2) == 0 { return awkward[next(awkward.count)] }
            let bytes = (0...next(40)).map { _ in UInt8(next(255) + 1) }
            let name = bytes.filter { $0 != UInt8(ascii: "/") }
            return name.isEmpty || name == Array(".".utf8) || name == Array("..".utf8)
                ? Array("x".utf8) : name
        }
    }

    private struct Found: Equatable {
        let name: [UInt8]
        let kind: FileStatus.Kind
        let seconds: Int64
        let nanoseconds: Int64
        let bytes: [UInt8]
    }

    private func grow(
        _ path: BytePath,
        depth: Int,
        _ generator: inout Generator,
        _ temporary: TemporaryHome
    ) throws {
        try Directory.make(path)
        for _ in 0..<generator.next(5) {
            let child = path.appending(generator.name())
            guard !FileStatus.exists(child) else { continue }
            if depth < 4, generator.next(3) == 0 {
                try grow(child, depth: depth + 1, &generator, temporary)
            } else {
                let count = [0, 1, 511, 512, 513, 70_000][generator.next(6)]
                let file = try files.create(child, replacing: false, mode: 0o600)
                try file.write(pattern(count, seed: generator.state).span)
                try file.close()
                // Before 1970 and long after it, to the nanosecond.
                let seconds = Int64(generator.next(4_000_000_000)) - 1_000_000_000
                let nanoseconds = Int64(generator.next(1_000_000_000))
                try files.setModified(child, seconds: seconds, nanoseconds: nanoseconds)
            }
        }
        // A directory's own time, set after its last child.
        let seconds = Int64(generator.next(2_000_000_000))
        let nanoseconds = Int64(generator.next(1000))
        try files.setModified(path, seconds: seconds, nanoseconds: nanoseconds)
    }

    private func everything(_ path: BytePath, _ name: [UInt8] = []) throws -> [Found] {
        let status = try FileStatus(of: path, followingLinks: false)
        let isFile = status.kind == .file
        let found = Found(
            name: name,
            kind: status.kind,
            seconds: status.modifiedSeconds,
            nanoseconds: status.modifiedNanoseconds,
            bytes: isFile ? try Directory.contents(of: path, countMax: 1 << 20) : []
        )
        guard !isFile else { return [found] }
        return [found]
            + (try Directory.names(in: path).flatMap {
                try everything(path.appending($0), name + [UInt8(ascii: "/")] + $0)
            })
    }

    @Test(arguments: 1...12) func randomTreesComeBackExactly(_ number: Int) throws {
        let seed = UInt64(0x5eed_1000 + number)
        var generator = Generator(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(
            named: "c",
            isClassic: number % 2 == 0,
            now: TemporaryHome.now
        )
        let source = temporary.directory.appending("tree")
        try grow(source, depth: 0, &generator, temporary)
        let before = try everything(source)
        let deposit = try temporary.deposit([source], in: item)
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let output = temporary.directory.appending("out")
        _ = try temporary.home.get(listing, from: item, into: output)
        let after = try everything(output.appending("tree"))
        #expect(after == before, "seed \(seed)")
        #expect(try Directory.names(in: output).count == 1)
        // Again, over what is there.
        _ = try temporary.home.get(listing, from: item, into: output, overwriting: true)
        #expect(try everything(output.appending("tree")) == before, "seed \(seed)")
    }

    @Test func custodyComesBackInItsOrder() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", isClassic: true, now: 1)
        let path = try temporary.write("in/a", pattern(3))
        let steps = [
            CustodyEvent(event: "captured", at: 1_700_000_000, tool: "t", note: "her telephone"),
            CustodyEvent(event: "received", at: 1_700_000_100, tool: "t"),
        ]
        let deposit = try temporary.home.deposit(
            Original.find([path], home: temporary.home.layout.home),
            in: item,
            options: DepositOptions(custody: steps, tool: "t"),
            now: TemporaryHome.now
        )
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let evidence = try temporary.home.evidence(of: listing, in: item)
        #expect(evidence.custody == steps + [.deposited(at: TemporaryHome.now, tool: "t")])
        let text = String(decoding: evidence.bytes, as: UTF8.self)
        #expect(text.contains(#""note":"her telephone","tool":"t""#))
        for wrong in ["\"captured\"": "\"stolen\"", "1700000000": "-5", "\"tool\"": "\"tools\""] {
            let changed = text.replacing(wrong.key, with: wrong.value)
            #expect(throws: VaultError.malformedItem("evidence.json")) {
                _ = try Evidence(canonical: Array(changed.utf8))
            }
        }
    }
}
