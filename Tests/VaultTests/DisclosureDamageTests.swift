// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Storage
import Testing
import Vault

/// Every way of changing a package that we could think of, refused by both verifiers.
@Suite struct DisclosureDamageTests {
    /// Every document that differs from `value` in one place.
    private func changes(_ value: JSONValue) -> [JSONValue] {
        switch value {
        case .string(let text):
            var other = Array(text.utf8)
            if other.isEmpty { return [.string("x")] }
            other[other.count / 2] = other[other.count / 2] == 0x30 ? 0x31 : 0x30
            return [.string(String(decoding: other, as: UTF8.self)), .string(text + "0"), 7]
        case .integer(let number): return [.integer(number + 1), .string("\(number)")]
        case .boolean(let truth): return [.boolean(!truth), 1]
        case .array(let elements):
            var all: [JSONValue] = [.array(elements + [elements.last ?? "00"])]
            if elements.count > 1 { all.append(.array(elements.reversed())) }
            for index in elements.indices {
                var without = elements
                without.remove(at: index)
                all.append(.array(without))
                for change in changes(elements[index]) {
                    var changed = elements
                    changed[index] = change
                    all.append(.array(changed))
                }
            }
            return all
        case .object(let members):
            var all: [JSONValue] = [.object(members.merging(["zz": "00"]) { $1 })]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                var changed = members
                changed[name] = nil
                all.append(.object(changed))
                changed[name + "x"] = member
                all.append(.object(changed))
                changed[name + "x"] = nil
                for change in changes(member) {
                    changed[name] = change
                    all.append(.object(changed))
                }
            }
            return all
        }
    }

    private struct Package {
        let temporary: TemporaryHome
        let good: BytePath
        var damaged: [BytePath] = []

        /// A copy of the good package, changed.
        mutating func add(_ change: (BytePath) throws -> Void) throws {
            let copy = temporary.directory.appending("bad-\(damaged.count)")
            try FileManager.default.copyItem(atPath: good.text, toPath: copy.text)
            try change(copy)
            damaged.append(copy)
        }

        mutating func replace(_ name: String, _ bytes: [UInt8]) throws {
            try add { try Directory.replace($0.appending(name), with: bytes) }
        }
    }

    private func package() throws -> Package {
        let fixture = try DisclosureFixture()
        let fields = ["note", "files/1/name", "files/4/modified"]
        // Every leaf has a file: whoever drops one of which only fields are shown has made another
        // good package.
        let good = try fixture.disclose(fields, files: ["1", "4"], to: "good")
        return Package(temporary: fixture.temporary, good: good)
    }

    @Test func bothVerifiersRefuseEveryChange() throws {
        var package = try package()
        let document = try package.temporary.contents(package.good.appending("disclosure.json"))
        for change in changes(try JSONValue(canonical: document)) {
            try package.replace("disclosure.json", change.canonicalBytes)
        }
        try package.replace("disclosure.json", document + [0x0a])
        try package.replace("disclosure.json", [0x20] + document)
        try package.replace("disclosure.json", Array(document.dropLast()))
        try package.replace("disclosure.json", [])
        let receipt = try package.temporary.contents(package.good.appending("receipt.txt"))
        for offset in stride(from: 0, to: receipt.count, by: 23) {
            var changed = receipt
            changed[offset] ^= 0x01
            try package.replace("receipt.txt", changed)
        }
        for count in stride(from: 0, to: receipt.count, by: 301) {
            try package.replace("receipt.txt", Array(receipt.prefix(count)))
        }
        let lines = receipt.split(separator: 0x0a, omittingEmptySubsequences: false)
        for index in lines.indices.dropLast() {
            var without = lines
            without.remove(at: index)
            try package.replace("receipt.txt", Array(without.joined(separator: [0x0a])))
        }
        try package.replace("receipt.txt", receipt + [0x0a])
        try damageFiles(&package)
        #expect(package.damaged.count > 200)
        for (number, path) in package.damaged.enumerated() {
            #expect(throws: (any Error).self, "bad-\(number)") {
                _ = try DisclosurePackage.verify(at: path)
            }
        }
        guard
            let verdicts = try IndependentDisclosureVerifier.verdicts(
                package.damaged + [package.good]
            )
        else { return }
        #expect(verdicts.count == package.damaged.count + 1)
        for (number, verdict) in verdicts.dropLast().enumerated() where verdict {
            Issue.record("the independent verifier takes bad-\(number)")
        }
        #expect(verdicts.last == true)
    }

    private func damageFiles(_ package: inout Package) throws {
        let name = "files/1/a.txt"
        let content = try package.temporary.contents(package.good.appending(name))
        var changed = content
        changed[1000] ^= 0x80
        try package.replace(name, changed)
        try package.replace(name, content + [0])
        try package.replace(name, Array(content.dropLast()))
        try package.add { try Directory.remove($0.appending(name)) }
        try package.add {
            try Directory.rename($0.appending(name), to: $0.appending("files/1/b.txt"))
        }
        try package.add {
            try Directory.rename($0.appending("files/1"), to: $0.appending("files/2"))
        }
        try package.add { path in
            try Directory.replace(path.appending("hidden"), with: content)
            try Directory.remove(path.appending(name))
            try FileManager.default.createSymbolicLink(
                atPath: path.appending(name).text,
                withDestinationPath: "../../hidden"
            )
        }
        // A link to the very same bytes, somewhere else.
        let good = package.good
        for linked in [name, "files", "disclosure.json", "receipt.txt"] {
            try package.add { path in
                try FileManager.default.removeItem(atPath: path.appending(linked).text)
                try FileManager.default.createSymbolicLink(
                    atPath: path.appending(linked).text,
                    withDestinationPath: good.appending(linked).text
                )
            }
        }
        for stranger in ["x", "files/x", "files/1/x", "files/2/a.txt", ".hidden"] {
            try package.add { path in
                try Directory.make(path.appending(stranger).parent)
                try Directory.replace(path.appending(stranger), with: [1])
            }
        }
        for missing in ["disclosure.json", "receipt.txt"] {
            try package.add { try Directory.remove($0.appending(missing)) }
        }
    }

    @Test func aReceiptOfAnotherItemDoesNotFit() throws {
        let one = try package()
        let two = try DisclosureFixture()
        let other = try two.disclose(["note"], to: "other")
        try Directory.replace(
            one.good.appending("receipt.txt"),
            with: two.temporary.contents(other.appending("receipt.txt"))
        )
        #expect(throws: DisclosureError.notReceipted(leaf: 0)) {
            _ = try DisclosurePackage.verify(at: one.good)
        }
    }
}
