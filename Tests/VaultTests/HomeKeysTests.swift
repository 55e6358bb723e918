// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Foundation
import Sodium
import Storage
import Testing
import Vault

/// Duress, recovery, wiping and rotation, as far as they need no command line.
@Suite struct HomeKeysTests {
    private func reopened(_ temporary: TemporaryHome, _ passphrase: String) throws -> Home {
        try Home.open(
            at: temporary.home.layout.home,
            passphrase: TemporaryHome.passphrase(passphrase),
            least: .demo
        )
    }

    private func get(
        _ deposit: Deposit,
        _ name: String,
        from home: Home,
        of temporary: TemporaryHome
    ) throws -> [UInt8] {
        let item = try home.findCase(name)
        let output = temporary.directory.appending("out-\(UUID().uuidString)")
        _ = try home.get(home.findItem(deposit.item, in: item), from: item, into: output)
        return try temporary.contents(output.appending("a"))
    }

    @Test func underDuressEverythingLooksWriteOnly() throws {
        let temporary = try TemporaryHome(duress: "forced")
        _ = try temporary.home.createCase(named: "c", now: 1)
        _ = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 2)
        let path = try temporary.write("in/a", pattern(10))
        let item = try temporary.home.findCase("c")
        let deposit = try temporary.deposit([path], in: item)

        let forced = try reopened(temporary, "forced")
        #expect(try forced.cases().map(\.name) == ["c", "w"])
        #expect(try forced.cases().allSatisfy { $0.isWriteOnly && !$0.hasReadKey })
        #expect(try forced.items(in: forced.findCase("c")).map { $0.summary == nil } == [true])
        #expect(throws: VaultError.noReadKey("c")) {
            _ = try get(deposit, "c", from: forced, of: temporary)
        }
        let token = temporary.home.checkInToken(for: [1]).reveal()
        #expect(forced.checkInToken(for: [1]).reveal() != token)
        // What is made under duress reads there, as it would for an owner.
        let made = try forced.createCase(named: "made", now: 3)
        #expect(!made.isWriteOnly)
        let second = try forced.deposit(
            Original.find([path], home: forced.layout.home),
            in: made,
            now: 4
        )
        #expect(try get(second, "made", from: forced, of: temporary) == pattern(10))
        let into = try forced.deposit(
            Original.find([path], home: forced.layout.home),
            in: forced.findCase("c"),
            now: 5
        )
        // The owner reads what was deposited into her cases, and none of the others.
        let owner = try temporary.reopened()
        #expect(try get(into, "c", from: owner, of: temporary) == pattern(10))
        #expect(try owner.findCase("made").isWriteOnly)
        #expect(try temporary.audit().problems == [])
    }

    @Test func passphrasesChangeOnEitherSideInAnyOrder() throws {
        let temporary = try TemporaryHome()
        let path = temporary.home.layout.home
        _ = try temporary.home.createCase(named: "c", now: 1)
        try temporary.home.keep(SecretBytes(copying: [7, 7]))
        let file = try temporary.write("in/a", pattern(10))
        let deposit = try temporary.deposit([file], in: temporary.home.findCase("c"))
        func change(_ old: String, _ new: String) throws {
            try Home.changePassphrase(
                at: path,
                from: TemporaryHome.passphrase(old),
                to: TemporaryHome.passphrase(new),
                least: .demo
            )
        }
        func setDuress(_ passphrase: String, _ duress: String?) throws {
            try Home.changeDuress(
                at: path,
                passphrase: TemporaryHome.passphrase(passphrase),
                to: duress.map { TemporaryHome.passphrase($0) },
                least: .demo
            )
        }
        func owner() throws -> Home { try reopened(temporary, "o2") }
        try setDuress("correct horse", "d1")
        try change("d1", "d2")
        try change("correct horse", "o2")
        try change("d2", "d3")
        for (passphrase, isReadable) in [("o2", true), ("d3", false)] {
            let home = try reopened(temporary, passphrase)
            #expect(try home.findCase("c").hasReadKey == isReadable)
            #expect(try home.kept { $0.reveal() } == [[7, 7]])
        }
        #expect(try get(deposit, "c", from: owner(), of: temporary) == pattern(10))
        #expect(throws: VaultError.passphraseInUse) { try change("o2", "d3") }
        #expect(throws: VaultError.passphraseInUse) { try setDuress("o2", "o2") }
        try setDuress("o2", "d4")
        #expect(throws: VaultError.wrongPassphrase) { _ = try reopened(temporary, "d3") }
        #expect(try reopened(temporary, "d4").cases().map(\.name) == ["c"])
        #expect(try reopened(temporary, "d4").kept { $0.reveal() } == [[7, 7]])
        try setDuress("o2", nil)
        #expect(throws: VaultError.wrongPassphrase) { _ = try reopened(temporary, "d4") }
        #expect(try get(deposit, "c", from: owner(), of: temporary) == pattern(10))
    }

    @Test func theRecoveryKeyRestoresEverything() throws {
        let temporary = try TemporaryHome(duress: "forced")
        _ = try temporary.home.createCase(named: "c", now: 1)
        let hidden = try temporary.home.createCase(named: "w", isWriteOnly: true, now: 2)
        try temporary.home.keep(SecretBytes(copying: [9]))
        let path = try temporary.write("in/a", pattern(10))
        let before = try temporary.deposit([path], in: temporary.home.findCase("c"))
        let sealed = try temporary.deposit([path], in: hidden)
        try Home.destroyKeys(at: temporary.home.layout.home)
        for passphrase in ["correct horse", "forced"] {
            #expect(throws: VaultError.keyringMissing) { _ = try reopened(temporary, passphrase) }
        }
        #expect(try temporary.audit().problems == [])

        let copy = temporary.directory.appending("copy")
        try FileManager.default.copyItem(
            atPath: temporary.home.layout.home.text,
            toPath: copy.text
        )
        let other = String(decoding: HybridIdentity().text().reveal(), as: UTF8.self)
        #expect(throws: VaultError.wrongRecoveryKey) {
            _ = try Home.restore(
                at: copy,
                recoveryKey: TemporaryHome.passphrase(other),
                passphrase: TemporaryHome.passphrase("new"),
                work: .demo
            )
        }
        // As it comes from paper: in small letters, with spaces and line feeds in it.
        var typed = "# from the safe\n "
        for (index, character) in temporary.recoveryKey.lowercased().enumerated() {
            typed.append(character)
            if index % 4 == 3 { typed += index % 28 == 27 ? "\r\n" : " " }
        }
        let restored = try Home.restore(
            at: copy,
            recoveryKey: TemporaryHome.passphrase(typed),
            passphrase: TemporaryHome.passphrase("new"),
            work: .demo
        )
        #expect(restored.formerlyWriteOnly == ["w"])
        let home = try Home.open(
            at: copy,
            passphrase: TemporaryHome.passphrase("new"),
            least: .demo
        )
        #expect(try get(before, "c", from: home, of: temporary) == pattern(10))
        #expect(try get(sealed, "w", from: home, of: temporary) == pattern(10))
        #expect(try home.kept { $0.reveal() } == [[9]])
        #expect(
            home.checkInToken(for: [1]).reveal() == temporary.home.checkInToken(for: [1]).reveal()
        )
        // The same log goes on, and old receipts hold.
        let after = try home.deposit(
            Original.find([path], home: copy),
            in: home.findCase("c"),
            now: 5
        )
        #expect(after.index == 2)
        let report = try home.store.audit(
            isFull: true,
            anchors: [.receipt(before.receipt), .receipt(sealed.receipt)]
        )
        #expect(report.problems == [])
    }

    @Test func rotationKeepsOldItemsReadable() throws {
        let temporary = try TemporaryHome()
        let first = try temporary.home.createCase(named: "c", now: 1)
        let path = try temporary.write("in/a", pattern(10))
        let old = try temporary.deposit([path], in: first)
        let second = try temporary.home.rotate(first, isWriteOnly: false)
        #expect(second.key.number == 2)
        #expect(second.recipient != first.recipient)
        let new = try temporary.deposit([path], in: second)
        // Whoever gets the newer key, a successor for example, opens what was before it.
        guard let text = try second.identityText() else { throw VaultError.noReadKey("c") }
        let newer = try #require(IdentityFile.identities(in: text).first)
        let unpacked = try temporary.home.store.unpackAll(
            ofCase: first.pseudonymText,
            identity: newer,
            into: temporary.directory.appending("heir")
        )
        #expect(unpacked.count == 2)
        let third = try temporary.home.rotate(second, isWriteOnly: true)
        #expect(third.isWriteOnly && third.hasReadKey)
        let shut = try temporary.deposit([path], in: third)
        let home = try temporary.reopened()
        for deposit in [old, new] {
            #expect(try get(deposit, "c", from: home, of: temporary) == pattern(10))
        }
        #expect(throws: VaultError.self) {
            _ = try get(shut, "c", from: home, of: temporary)
        }
        let unlocked = try home.unlocked(
            home.findCase("c"),
            recoveryKey: TemporaryHome.passphrase(temporary.recoveryKey)
        )
        let output = temporary.directory.appending("unlocked")
        _ = try home.get(home.findItem(shut.item, in: unlocked), from: unlocked, into: output)
    }
}
